import { type CacheConfig, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { startRedis, until } from 'test-support'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, databases } from './support/databases.ts'
import { User } from './support/entities.ts'
import { App, seed } from './support/town.ts'

/** Makes a connection's next query wait, once it has its result. */
function holdReply(app: App): { readonly reached: Promise<void>; release(): void } {
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const subscriber = {
    afterQuery: async ({ query }: { query: string }) => {
      if (!query.startsWith('SELECT')) return
      app.dataSource.subscribers.splice(app.dataSource.subscribers.indexOf(subscriber), 1)
      arrive()
      await released
    },
  }
  app.dataSource.subscribers.push(subscriber)
  return { reached, release }
}

describe.each(databases.filter(({ name }) => name !== 'SQLite'))('two processes over $name and Redis', ({ start }) => {
  let database: Database
  let server: Awaited<ReturnType<typeof startRedis>>
  let one: App
  let two: App

  beforeAll(async () => {
    ;[database, server] = await Promise.all([start(), startRedis()])
    const cache = (): CacheConfig => ({ tiers: [memory({ maxEntries: 100 }), redis({ url: server.url })] })
    one = await App.open(database, { cache: cache() })
    two = await App.open(database, { cache: cache(), source: { dropSchema: false, synchronize: false } })
    await Promise.all([one.cache.ready(), two.cache.ready()])
  })

  afterAll(async () => {
    await one[Symbol.asyncDispose]()
    await two[Symbol.asyncDispose]()
    await Promise.all([database[Symbol.asyncDispose](), server.stop()])
  })

  beforeEach(async () => {
    await database.empty(one.dataSource)
    await seed(one.dataSource)
    await one.cache.clear()
  })

  /** What the other process has in memory goes as soon as it hears of it, and for good. */
  const expectHeard = async (read: (app: App) => Promise<string | undefined>, name: string): Promise<void> => {
    await until('the other process has heard', async () => (await read(one)) === name)
    one.cache.tier('memory').disable()
    one.cache.tier('memory').enable()
    expect(await read(one)).toBe(name)
  }

  const reads: readonly [string, (app: App) => Promise<string | undefined>][] = [
    ['a query', async (app) => (await app.dataSource.getRepository(User).findOne({ where: { id: 1 }, cache: 60_000 }))?.name],
    ['an entity', async (app) => (await app.orm.repository(User).findById(1))?.name],
  ]

  it.each(reads)('%s that was read before another process writes is not kept after it', async (_, read) => {
    const held = holdReply(one)
    const reading = read(one)
    await held.reached
    await two.dataSource.transaction((manager) => manager.update(User, 1, { name: 'countess' }))
    held.release()
    // It began before the write.
    expect(await reading).toBe('ada')
    expect(await read(two)).toBe('countess')
    await expectHeard(read, 'countess')
  })

  it.each(reads)('%s that was read while a transaction was open is not kept after its commit', async (_, read) => {
    await read(one)
    await two.dataSource.transaction(async (manager) => {
      await manager.update(User, 1, { name: 'countess' })
      await one.cache.clear()
      expect([await read(one), await read(two)]).toEqual(['ada', 'ada'])
    })
    expect(await read(two)).toBe('countess')
    await expectHeard(read, 'countess')
  })

  it.each(reads)('%s is loaded once for all', async (_, read) => {
    const before = one.loads + two.loads
    await Promise.all([read(one), read(one), read(two), read(two)])
    expect(one.loads + two.loads - before).toBe(1)
  })

  it('tables are emptied with one invalidation', async () => {
    const insert = one.dataSource.query('INSERT INTO comment (text) VALUES ' + Array.from({ length: 1_000 }, () => "('x')").join(','))
    await insert
    one.invalidated.length = 0
    await one.dataSource.transaction(async (manager) => {
      for (const text of ['x', 'nice', 'good']) await manager.query(`DELETE FROM comment WHERE text = '${text}'`)
    })
    expect(one.invalidated).toEqual([['comment', 'comment:*']])
  })
})
