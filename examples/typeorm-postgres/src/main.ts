import { readFileSync } from 'node:fs'
import { startPostgres, startRedis } from 'test-support'
import { App } from './app.ts'
import { Author, Book } from './entities.ts'
import { findById } from './story/find-by-id.ts'
import { findCached } from './story/find-cached.ts'
import { ownEntries } from './story/own-entries.ts'
import { transactions } from './story/transactions.ts'
import { writes } from './story/writes.ts'
import { Telling } from './telling.ts'

const telling = new Telling()
process.exitCode = 1
{
  await using postgres = await startPostgres()
  await using redis = await startRedis()
  await using a = await App.open(postgres.url, redis.url)
  await a.dataSource.synchronize()
  await a.dataSource.manager.save(Author, [
    { name: 'Ursula Le Guin', books: [] },
    { name: 'Stanisław Lem', books: [] },
  ])
  const [ursula, stanislaw] = await a.dataSource.manager.find(Author, { order: { id: 'ASC' } })
  await a.dataSource.manager.save(Book, [
    { title: 'The Dispossessed', price: 10, publishedAt: new Date('1974-05-01'), author: ursula!, reviews: [{ stars: 5 }, { stars: 4 }] },
    { title: 'The Lathe of Heaven', price: 8, publishedAt: new Date('1971-03-01'), author: ursula!, reviews: [{ stars: 4 }] },
    { title: 'Solaris', price: 9, publishedAt: new Date('1961-06-01'), author: stanislaw! },
  ])
  // To everything but the processor it is another process: all that the two share is PostgreSQL and Redis.
  await using b = await App.open(postgres.url, redis.url)
  const stage = { a, b, telling }

  telling.heading('The set-up, in each process')
  const source = readFileSync(new URL('app.ts', import.meta.url), 'utf8')
  const setUp = /\/\/ The set-up\.\n(.*?)\n *\/\/ Its end\./s.exec(source)![1]!
  for (const line of setUp.split('\n')) telling.line(line.trim())

  await findCached(stage)
  await writes(stage)
  await transactions(stage)
  await findById(stage)
  await ownEntries(stage)
  telling.end()
}
process.exitCode = telling.exitCode
