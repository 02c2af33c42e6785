import { fork } from 'node:child_process'
import { once } from 'node:events'
import { memory } from '@stratacache/core'
import { manualClock, rest, SharedMemory } from '@stratacache/core/testing'
import { redis } from '@stratacache/redis'
import { startRedis, until } from 'test-support'
import type { DataSource } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { createOutbox, dropOutbox, type OutboxOptions } from '../src/index.ts'
import { Outbox } from '../src/outbox/outbox.ts'
import { INTERNAL } from '../src/sql/internal.ts'
import { type Database, databases } from './support/databases.ts'
import { Price, User } from './support/entities.ts'
import { App, seed } from './support/town.ts'

const records = async (dataSource: DataSource, table = 'stratacache_outbox'): Promise<string[][]> =>
  (await dataSource.query<{ tags: string }[]>(`SELECT tags FROM ${table} ORDER BY id`)).map(({ tags }) => JSON.parse(tags) as string[])

/** An application with an outbox, whose timers wait for the clock. */
async function open(database: Database, outbox: OutboxOptions = { poll: '1h' }) {
  const clock = manualClock()
  const backend = new SharedMemory()
  const app = await App.open(database, {
    cache: { tiers: [memory({ maxEntries: 1_000 }), backend.tier()] },
    orm: { outbox, clock },
  })
  await using queryRunner = app.dataSource.createQueryRunner()
  await createOutbox(queryRunner)
  await createOutbox(queryRunner)
  await app.cache.ready()
  await seed(app.dataSource)
  const settle = async (): Promise<void> => {
    await clock.advance(100)
    await until('what is done is removed', async () => (await records(app.dataSource)).length === 0)
  }
  await settle()
  app.invalidated.length = 0
  app.errors.length = 0
  return { app, backend, clock, settle }
}

/** Moves the time, and lets the relay have what it asks the database for. */
async function passes(clock: ReturnType<typeof manualClock>, dataSource: DataSource, ms: number): Promise<void> {
  await clock.advance(ms)
  for (let i = 0; i < 5; i++) await dataSource.query('SELECT 1')
  await rest()
}

describe.each(databases)('$name', ({ start }) => {
  it('writes down what a transaction makes invalid, with it, and removes it once it is applied', async () => {
    await using database = await start()
    const { app, settle } = await open(database)
    await using _ = app
    const { dataSource } = app
    await dataSource.transaction(async (manager) => {
      await manager.update(User, 1, { name: 'x' })
      await manager.transaction((inner) => inner.update(User, 2, { name: 'y' }))
      expect(await records(manager.dataSource)).toEqual([])
    })
    expect(await records(dataSource)).toEqual([['user', 'user:1', 'user:2']])
    expect(app.invalidated).toEqual([['user', 'user:1', 'user:2']])
    await settle()
    await expect(dataSource.transaction(async (manager) => {
      await manager.update(User, 1, { name: 'z' })
      throw new Error('no')
    })).rejects.toThrow('no')
    expect(await records(dataSource)).toEqual([])
    expect(app.errors).toEqual([])
  })

  it('writes down what a single statement makes invalid', async () => {
    await using database = await start()
    const { app } = await open(database)
    await using _ = app
    const { dataSource } = app
    await Promise.all([1, 2, 3].map((id) => dataSource.getRepository(User).update(id, { name: `all ${id}` })))
    expect((await records(dataSource)).flat().filter((tag) => tag !== 'user').toSorted()).toEqual(['user:1', 'user:2', 'user:3'])
    expect(app.invalidated.flat().filter((tag) => tag !== 'user').toSorted()).toEqual(['user:1', 'user:2', 'user:3'])
    await dataSource.getRepository(Price).clear()
    expect(app.invalidated.at(-1)).toEqual(['price', 'price:*'])
    expect(await records(dataSource)).toContainEqual(['price', 'price:*'])
    expect(await dataSource.getRepository(Price).count()).toBe(0)
    expect((await dataSource.getRepository(User).find()).map(({ name }) => name).toSorted()).toEqual(['all 1', 'all 2', 'all 3'])
    await expect(dataSource.query('UPDATE teams SET nothing = 1')).rejects.toThrow('nothing')
    expect(await dataSource.getRepository(User).count()).toBe(3)
  })

  it('writes down what a connection of the caller changes, after a cached query too', async () => {
    await using database = await start()
    const { app } = await open(database)
    await using _ = app
    await using own = app.dataSource.createQueryRunner()
    await own.manager.find(User, { cache: true })
    await own.manager.update(User, 1, { name: 'x' })
    expect(await records(app.dataSource)).toEqual([['user', 'user:1']])
  })

  it('keeps statements apart that one connection is given at once', async () => {
    await using database = await start()
    const { app } = await open(database)
    await using _ = app
    await using own = app.dataSource.createQueryRunner()
    const table = database.name === 'PostgreSQL' ? '"user"' : 'user'
    const all = [1, 0, 2, 3].map((id) => own.query(id === 0 ? `UPDATE ${table} SET nothing = 1` : `UPDATE ${table} SET score = 50 WHERE id = ${id}`))
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(await app.dataSource.getRepository(User).countBy({ score: 50 })).toBe(3)
    expect((await records(app.dataSource)).flat()).toEqual(expect.arrayContaining(['user:1', 'user:2', 'user:3']))
    await own.query(`UPDATE ${table} SET score = 51`)
    expect(await app.dataSource.getRepository(User).countBy({ score: 51 })).toBe(3)
  })

  it('keeps the transaction when the outbox fails', async () => {
    await using database = await start()
    const { app, clock } = await open(database, { poll: '1s' })
    await using _ = app
    const { dataSource } = app
    await using queryRunner = dataSource.createQueryRunner()
    await dropOutbox(queryRunner)
    await dataSource.transaction((manager) => manager.update(User, 1, { name: 'kept' }))
    expect(await dataSource.getRepository(User).findOneByOrFail({ id: 1 })).toMatchObject({ name: 'kept' })
    expect(app.invalidated).toContainEqual(['user', 'user:1'])
    expect(app.errors.map(String).join()).toContain('stratacache_outbox')
    // The relay finds it missing at each look, and says so once.
    app.errors.length = 0
    for (let second = 0; second < 3; second++) await passes(clock, dataSource, 1_000)
    expect(app.errors).toHaveLength(1)
  })

  it('keeps what it could not apply, as the shared tier is away', async () => {
    await using database = await start()
    const { app, backend, clock } = await open(database)
    await using _ = app
    backend.faults.down()
    await app.dataSource.transaction((manager) => manager.update(User, 1, { name: 'x' }))
    await clock.advance(1_000)
    await app.dataSource.query('SELECT 1')
    expect(await records(app.dataSource)).toEqual([['user', 'user:1']])
    backend.faults.up()
  })

  it('ends with its data source, though it is looking, and leaves nothing that is done', async () => {
    await using database = await start()
    const { app, clock } = await open(database, { poll: '1s' })
    await using _ = app.cache
    const looking = clock.advance(1_000)
    await app.dataSource.transaction((manager) => manager.update(User, 1, { name: 'x' }))
    await app.dataSource.destroy()
    await looking
    await clock.advance(3_600_000)
    expect(app.errors).toEqual([])
    if (!database.isServer) return
    const later = await database.open({ dropSchema: false, synchronize: false })
    expect(await records(later)).toEqual([])
    await later.destroy()
  })

  it('applies what another process has left, after its grace, and keeps it while the shared tier is away', async () => {
    await using database = await start()
    const { app, backend, clock } = await open(database, { poll: '10s', grace: '10m' })
    await using _ = app
    const { dataSource } = app
    const insert = (id: string) => dataSource.query(`${INTERNAL}INSERT INTO stratacache_outbox (id, tags) VALUES ('${id}', '["user","user:1"]')`)
    const minutes = async (count: number): Promise<void> => {
      for (let minute = 0; minute < count; minute++) await passes(clock, dataSource, 60_000)
    }
    await insert('1')
    // It is found, and whoever wrote it is given his time.
    await minutes(5)
    expect(app.invalidated).toEqual([])
    backend.faults.down()
    await until('it is tried', async () => {
      await minutes(1)
      return app.invalidated.length > 0
    })
    expect(new Set(app.invalidated.flat())).toEqual(new Set(['user', 'user:1']))
    expect(await records(dataSource)).toHaveLength(1)
    backend.faults.up()
    await until('it is applied', async () => {
      await minutes(10)
      return (await records(dataSource)).length === 0
    })
    app.invalidated.length = 0
    await minutes(20)
    expect(app.invalidated).toEqual([])
  })
})

it('hears at once, on PostgreSQL, of what another process has left', async () => {
  await using database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
  const { app, clock } = await open(database, { poll: '1h', grace: '1s' })
  await using _ = app
  const other = await database.open({ dropSchema: false, synchronize: false })
  const outbox = new Outbox('stratacache_outbox', clock, (error) => expect.fail(String(error)))
  // It looks again and again as long as it finds something.
  for (let i = 0; i < 3; i++) await passes(clock, app.dataSource, 2_000)
  const begun = clock.now()
  await other.transaction(async ({ queryRunner }) => void (await outbox.record(queryRunner!, ['user', 'user:1'])))
  await other.destroy()
  await until('it is applied', async () => {
    await clock.advance(50)
    return app.invalidated.length > 0
  })
  expect(app.invalidated).toEqual([['user', 'user:1']])
  expect(clock.now() - begun).toBeLessThan(3_600_000)
  await until('it is removed', async () => (await records(app.dataSource)).length === 0)
})

it('applies what others have left in their order, however many they are', async () => {
  await using database = await databases[0]!.start()
  const { app, clock } = await open(database, { poll: '1s', grace: '1s' })
  await using _ = app
  const names = Array.from({ length: 1_200 }, (_each, i) => String(i).padStart(4, '0'))
  const values = names.toReversed().map((name) => `('${name}', '["user:${name}"]')`)
  await app.dataSource.query(`${INTERNAL}INSERT INTO stratacache_outbox (id, tags) VALUES ${values.join(', ')}`)
  await until('all are applied', async () => {
    await passes(clock, app.dataSource, 1_000)
    return (await records(app.dataSource)).length === 0
  })
  expect(app.invalidated.length).toBeGreaterThan(1)
  expect(app.invalidated.flat()).toEqual(names.map((name) => `user:${name}`))
})

describe('processes that die between their commit and the invalidation', () => {
  const WAYS = ['transaction', 'savepoint', 'save', 'statement', 'raw', 'hand']
  const KILLS = 100

  it(`leave nothing stale: ${KILLS} of them`, async () => {
    await using database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
    await using server = await startRedis()
    const clock = manualClock()
    await using app = await App.open(database, {
      cache: { tiers: [memory({ maxEntries: 1_000 }), redis({ url: server.url })] },
      orm: { outbox: { poll: '1h' }, clock },
    })
    const { dataSource, orm } = app
    await using queryRunner = dataSource.createQueryRunner()
    await createOutbox(queryRunner)
    await app.cache.ready()
    app.errors.length = 0
    const address = { street: '', city: '' }
    await dataSource.manager.save(User, Array.from({ length: KILLS }, () => ({ name: 'before', address })), { chunk: 20 })
    await clock.advance(100)
    const { url } = dataSource.options as { url: string }
    const cached = async (id: number): Promise<string | undefined> => (await orm.repository(User).findById(id))?.name

    let stale = 0
    const kill = async (id: number): Promise<void> => {
      const way = WAYS[id % WAYS.length]!
      expect(await cached(id)).toBe('before')
      const worker = fork(new URL('outbox-worker.ts', import.meta.url), [url, server.url, String(id), way], { stdio: 'inherit' })
      const [, signal] = (await once(worker, 'exit')) as [number | null, string | null]
      expect(signal, `${way} was to die`).toBe('SIGKILL')
      expect((await dataSource.getRepository(User).findOneByOrFail({ id })).name).toBe(`written by ${way}`)
      if ((await cached(id)) === 'before') stale++
    }
    for (let id = 1; id <= KILLS; id += 4) await Promise.all([id, id + 1, id + 2, id + 3].map(kill))
    // It would have stayed so: nobody else knows.
    expect(stale).toBe(KILLS)
    expect(await records(dataSource)).toHaveLength(KILLS)

    // PostgreSQL has told of each; from now on the grace counts.
    await until('the records are applied', async () => {
      await clock.advance(1_000)
      return (await records(dataSource)).length === 0
    })
    for (let id = 1; id <= KILLS; id++) expect(await cached(id)).toBe(`written by ${WAYS[id % WAYS.length]}`)
    expect(app.errors).toEqual([])
  }, 240_000)
})
