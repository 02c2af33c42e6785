import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { DataSource, type EntityManager } from 'typeorm'
import { typeormCache } from '../src/index.ts'
import { entities, User } from './support/entities.ts'

/** A process that dies between its commit and the invalidation. */
const [databaseUrl, redisUrl, id, way] = process.argv.slice(2) as [string, string, string, string]

const cache = createCache({ tiers: [memory({ maxEntries: 100 }), redis({ url: redisUrl })] })
await cache.ready()
const use = cache.use.bind(cache)
cache.use = (source) => use({
  ...source,
  start: (sink) => source.start({
    ...sink,
    invalidate: () => {
      process.kill(process.pid, 'SIGKILL')
      return new Promise(() => {})
    },
  }),
})
const orm = typeormCache(cache, { outbox: true })
const dataSource = await new DataSource({ type: 'postgres', url: databaseUrl, entities, subscribers: [orm.Subscriber], cache: orm.queryCache() }).initialize()

const name = `written by ${way}`
const update = (manager: EntityManager): Promise<unknown> => manager.update(User, Number(id), { name })

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  transaction: () => dataSource.transaction(update),
  savepoint: () => dataSource.transaction((manager) => manager.transaction(update)),
  save: () => dataSource.manager.save(User, { id: Number(id), name }),
  statement: () => update(dataSource.manager),
  raw: () => dataSource.query('UPDATE "user" SET name = $1 WHERE id = $2', [name, Number(id)]),
  hand: async () => {
    const queryRunner = dataSource.createQueryRunner()
    await queryRunner.query('BEGIN')
    await update(queryRunner.manager)
    await queryRunner.query('COMMIT')
  },
}

await ways[way]!()
