import { Author, Book } from '../entities.ts'
import { books } from './find-cached.ts'
import type { Stage } from './stage.ts'

export async function writes(stage: Stage): Promise<void> {
  await save(stage)
  await rawSql(stage)
  await cascade(stage)
}

async function save({ a, b, telling }: Stage): Promise<void> {
  telling.heading('save()')
  const repository = a.dataSource.getRepository(Book)
  const book = await repository.findOneByOrFail({ title: 'Solaris' })
  book.price = 12
  const heard = b.hears()
  const { tags } = await a.watch(() => repository.save(book))
  telling.line(`A has saved Solaris, and made invalid: ${tags.join(', ')}`)
  telling.claim('it invalidates the results of the table, and the row', tags.join() === 'book,book:3')
  telling.claim('when it resolves, A finds the new price', (await books(a)).at(-1)?.price === 12)
  telling.claim('B hears of it, and finds the new price too', (await heard) && (await books(b)).at(-1)?.price === 12)
}

async function rawSql({ a, b, telling }: Stage): Promise<void> {
  telling.heading('Raw SQL, from B')
  await books(b)
  for (const { where, invalid, claim } of [
    { where: 'id = 1', invalid: 'book,book:1', claim: 'a WHERE that names rows by their key says which are invalid' },
    { where: "title LIKE 'The %'", invalid: 'book,book:*', claim: 'after any other, it may be each of them' },
  ]) {
    const sql = `UPDATE book SET price = price + 1 WHERE ${where}`
    const heard = a.hears()
    const { tags } = await b.watch(() => b.dataSource.query(sql))
    telling.line(`${sql}: ${tags.join(', ')}`)
    telling.claim(claim, tags.join() === invalid)
    telling.claim('A hears of it', await heard)
  }
  telling.claim('A and B find both raises', (await books(a))[0]?.price === 12 && (await books(b))[0]?.price === 12)
}

async function cascade({ a, b, telling }: Stage): Promise<void> {
  telling.heading('ON DELETE CASCADE')
  const heard = b.hears()
  const { tags } = await a.watch(() => a.dataSource.getRepository(Author).delete({ name: 'Stanisław Lem' }))
  telling.line(`A has deleted an author, and PostgreSQL his books: ${tags.join(', ')}`)
  telling.claim('the tables that the database changes by itself are invalid too', ['book', 'review'].every((tag) => tags.includes(tag)))
  telling.claim('Solaris is gone, from A and from B', (await books(a)).length === 2 && (await heard) && (await books(b)).length === 2)
}
