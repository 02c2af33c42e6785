import { Book } from '../entities.ts'
import type { Stage } from './stage.ts'

export async function ownEntries({ a, b, telling }: Stage): Promise<void> {
  telling.heading('Any query builder, and entries of your own')
  const average = a.dataSource.getRepository(Book).createQueryBuilder('book').select('AVG(price)::float8', 'price')
  const averagePrice = () =>
    a.orm.cached(average, { ttl: '1h', tags: ['report'] }, (query) => query.getRawOne<{ price: number }>())
  const render = async () => `<h1>${(await a.orm.repository(Book).findById(1))?.title}</h1>`
  const page = () => a.cache.getOrSet('page of book 1', render, { tags: a.orm.tags(Book, 1) })
  await Promise.all([averagePrice(), page()])
  const again = await a.watch(() => Promise.all([averagePrice(), page()]))
  telling.line(`an average price of ${again.result[0]?.price}, and a page: ${again.result[1]}`)
  telling.claim('both are cached', again.statements.length === 0)

  const heard = a.hears()
  await b.dataSource.getRepository(Book).update(1, { title: 'The Dispossessed: An Ambiguous Utopia', price: 14 })
  await heard
  telling.claim("both are right after B's update", (await averagePrice())?.price === 10 && (await page()).includes('Utopia'))
  await a.cache.invalidateTags('report')
  telling.claim('and go by a tag of your own', (await a.watch(averagePrice)).statements.length === 1)
}
