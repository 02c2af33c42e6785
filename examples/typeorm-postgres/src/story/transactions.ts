import { Book } from '../entities.ts'
import { books } from './find-cached.ts'
import type { Stage } from './stage.ts'

export async function transactions({ a, b, telling }: Stage): Promise<void> {
  telling.heading('A transaction that is rolled back')
  await Promise.all([books(a), books(b)])
  const { tags } = await a.watch(() =>
    a.dataSource
      .transaction(async (manager) => {
        await manager.update(Book, 1, { price: 0 })
        const own = await manager.find(Book, { where: { id: 1 }, cache: true })
        telling.claim('within, a cached query sees what was written', own[0]?.price === 0)
        telling.claim('outside, nobody does', (await books(a))[0]?.price === 12 && (await books(b))[0]?.price === 12)
        throw new Error('on second thoughts')
      })
      .catch(() => {}),
  )
  telling.claim('it invalidates nothing', tags.length === 0)
  const after = await a.watch(() => books(a))
  telling.claim('so the next find asks nobody', after.statements.length === 0 && after.result[0]?.price === 12)

  telling.heading('One that is committed')
  const committed = await a.watch(() =>
    a.dataSource.transaction(async (manager) => {
      await manager.update(Book, 1, { price: 11 })
      await manager.update(Book, 2, { price: 7 })
    }),
  )
  telling.line(`A made invalid, all at once: ${committed.tags.join(', ')}`)
  telling.claim('it invalidates after its commit', committed.statements.at(-1) === 'COMMIT' && committed.tags.join() === 'book,book:1,book:2')
  telling.claim('when it resolves, A finds both prices', (await books(a)).map(({ price }) => price).join() === '11,7')
}
