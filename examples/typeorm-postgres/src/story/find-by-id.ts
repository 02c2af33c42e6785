import { Author, Book, Review } from '../entities.ts'
import type { Stage } from './stage.ts'

export async function findById({ a, b, telling }: Stage): Promise<void> {
  telling.heading('orm.repository(Book).findById(1, { relations: { author: true, reviews: true } })')
  const relations = { author: true, reviews: true }
  const first = await a.watch(() => a.orm.repository(Book).findById(1, { relations }))
  telling.claim('the first time, A asks the database', first.statements.length === 1)
  const second = await a.watch(() => a.orm.repository(Book).findById(1, { relations }))
  telling.claim('the second time it does not', second.statements.length === 0)
  const book = second.result
  telling.line(`${book?.title} by ${book?.author?.initials}, ${book?.reviews?.length} reviews, three copies cost ${book?.costs(3)}`)
  const areClasses = book instanceof Book && book.author instanceof Author && book.reviews?.every((review) => review instanceof Review)
  telling.claim('it gets instances of the classes, with their methods, and relations', areClasses === true && book.costs(3) === 33)
  telling.claim('of its own: nobody else sees what it does to them', first.result !== book && first.result?.author !== book?.author)

  const batch = await b.watch(() => Promise.all([1, 2].map((id) => b.orm.repository(Book).findById(id))))
  const areBooks = batch.result.every((each) => each instanceof Book)
  telling.claim('entities that B asks for in one turn are one query', batch.statements.length === 1 && areBooks)

  await a.dataSource.getRepository(Book).update(2, { price: 6 })
  const other = await a.watch(() => a.orm.repository(Book).findById(1, { relations }))
  telling.claim('a write of book 2 leaves book 1 in the cache', other.statements.length === 0)
  await a.dataSource.getRepository(Review).save({ stars: 1, book: { id: 1 } })
  const reviewed = await a.orm.repository(Book).findById(1, { relations })
  telling.claim('a new review of book 1 does not', reviewed?.reviews?.length === 3)
}
