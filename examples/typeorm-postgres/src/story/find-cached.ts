import type { App } from '../app.ts'
import { Book } from '../entities.ts'
import type { Stage } from './stage.ts'

/** Every book with its author, through TypeORM's own API. */
export const books = ({ dataSource }: App): Promise<Book[]> =>
  dataSource.getRepository(Book).find({ relations: { author: true }, order: { id: 'ASC' }, cache: true })

export async function findCached({ a, b, telling }: Stage): Promise<void> {
  telling.heading('find({ relations: { author: true }, cache: true })')
  const first = await a.watch(() => books(a))
  for (const statement of first.statements) telling.line(`${statement.slice(0, 97)}...`)
  telling.claim('the first time, A asks the database', first.statements.length === 1)
  const second = await a.watch(() => books(a))
  telling.claim('the second time it does not', second.statements.length === 0)
  const other = await b.watch(() => books(b))
  telling.claim('and B, another process, never does: it has the result from Redis', other.statements.length === 0)
  const [book] = other.result
  const isEntity = book instanceof Book && book.publishedAt instanceof Date && book.author?.name === 'Ursula Le Guin'
  telling.claim('what it gets are entities: a Book with a Date, and its author', isEntity)
}
