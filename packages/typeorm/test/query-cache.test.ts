import { LoadTimeoutError, memory } from '@stratacache/core'
import { manualClock, rest, SharedMemory } from '@stratacache/core/testing'
import { until } from 'test-support'
import { DataSource, type EntityManager, EntitySchema } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type QueryOptions, typeormCache } from '../src/index.ts'
import { type Database, databases } from './support/databases.ts'
import { Post, Team, User } from './support/entities.ts'
import { App, seed } from './support/town.ts'

interface Sample {
  id: number
  day: Date
  bytes: Buffer
  big: string
  json: { list: number[]; when?: string }
  none: string | null
}

const sample = (type: 'postgres' | 'other'): EntitySchema<Sample> => new EntitySchema<Sample>({
  name: 'Sample',
  columns: {
    id: { type: Number, primary: true },
    day: { type: Date },
    bytes: { type: type === 'postgres' ? 'bytea' : 'blob' },
    big: { type: 'bigint' },
    json: { type: type === 'postgres' ? 'jsonb' : 'simple-json' },
    none: { type: String, nullable: true },
  },
})

describe.each(databases)('$name', ({ name: databaseName, start }) => {
  let database: Database
  let app: App
  const users = () => app.dataSource.getRepository(User)

  beforeAll(async () => {
    database = await start()
    app = await App.open(database)
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  beforeEach(async () => {
    await app.cache.clear()
    await database.empty(app.dataSource)
    await seed(app.dataSource)
    app.invalidated.length = 0
    app.errors.length = 0
  })

  /** How many queries went to the database for this. */
  const loadsOf = async (read: () => Promise<unknown>): Promise<number> => {
    const { loads } = app
    await read()
    return app.loads - loads
  }

  it('answers a query once asked from the cache, whatever asks it', async () => {
    const qb = () => users().createQueryBuilder('u').leftJoinAndSelect('u.team', 't').where('u.name = :name', { name: 'ada' })
    const reads: (() => Promise<unknown>)[] = [
      () => users().find({ where: { name: 'ada' }, cache: true }),
      () => users().findOne({ where: { name: 'ada' }, relations: { team: true }, cache: 5_000 }),
      () => users().findAndCount({ take: 1, order: { id: 'ASC' }, cache: { id: 'users', milliseconds: 5_000 } }),
      () => users().count({ where: { score: 2 }, cache: true }),
      () => qb().cache(true).getMany(),
      () => qb().cache('mine', 1_000).getRawMany(),
      () => qb().cache(true).getCount(),
      () => app.orm.cached(qb(), { ttl: '5m' }),
      () => app.orm.cached(qb(), { ttl: '5m' }, (each) => each.getExists()),
    ]
    for (const [i, read] of reads.entries()) {
      const first = await read()
      expect(await loadsOf(async () => expect(await read()).toEqual(first)), String(i)).toBe(0)
    }
  })

  it('tells parameters apart by type and value, and queries of one id', async () => {
    const named = (name: string) => users().findOne({ where: { name }, cache: { id: 'one', milliseconds: 5_000 } })
    expect([(await named('ada'))?.id, (await named('grace'))?.id, (await named('ada'))?.id]).toEqual([1, 2, 1])
    const qb = () => users().createQueryBuilder('u').cache('same', 5_000)
    expect([await qb().getMany().then(({ length }) => length), await qb().getCount()]).toEqual([3, 3])
  })

  it('invalidates by id, with its count and its page', async () => {
    const page = () => users().findAndCount({ relations: { posts: true }, take: 2, order: { id: 'ASC' }, cache: { id: 'page', milliseconds: 60_000 } })
    const other = () => users().find({ cache: { id: 'other', milliseconds: 60_000 } })
    await page()
    await other()
    expect(await loadsOf(page)).toBe(0)
    await app.dataSource.queryResultCache?.remove(['page'])
    expect(await loadsOf(page)).toBe(3)
    expect(await loadsOf(other)).toBe(0)
    await app.dataSource.queryResultCache?.remove(['page-count'])
    expect(await loadsOf(page)).toBe(3)
  })

  it('clears what is its own', async () => {
    await users().find({ cache: true })
    await app.orm.repository(User).findById(1)
    await app.cache.set('own', 1, { tags: ['user'] })
    await app.dataSource.queryResultCache?.clear()
    expect(await loadsOf(() => users().find({ cache: true }))).toBe(1)
    expect(await loadsOf(() => app.orm.repository(User).findById(1))).toBe(0)
    expect(await app.cache.get('own')).toBe(1)
  })

  it('adds tags: of one query, and of all that run within', async () => {
    const listed = () => app.orm.cached(users().createQueryBuilder('u'), { tags: ['list'] })
    const report = () => app.orm.withTags(['report'], () => app.orm.withTags(['inner'], () => users().find({ cache: true })))
    for (const [read, tag] of [[listed, 'list'], [report, 'report'], [report, 'inner']] as const) {
      await read()
      expect(await loadsOf(read)).toBe(0)
      await app.cache.invalidateTags(tag)
      expect(await loadsOf(read), tag).toBe(1)
    }
  })

  it('does not cache what nothing could make invalid, unless tags are given', async () => {
    const now = () => app.dataSource.createQueryBuilder().select('1', 'one').fromDummy().cache(true).getRawOne()
    expect([await loadsOf(now), app.errors]).toEqual([0, []])
    await app.cache.clear()
    const tagged = () => app.orm.withTags(['now'], now)
    expect([await loadsOf(tagged), await loadsOf(tagged)]).toEqual([1, 0])
  })

  it('reads its own writes in a transaction, and lets nobody else see them', async () => {
    const names = (manager = app.dataSource.manager) => manager.find(User, { order: { id: 'ASC' }, cache: true }).then((all) => all.map(({ name }) => name))
    await names()
    await expect(app.dataSource.transaction(async (manager) => {
      await manager.update(User, 1, { name: 'unborn' })
      expect(await names(manager)).toEqual(['unborn', 'grace', 'alan'])
      if (database.isServer) expect(await names()).toEqual(['ada', 'grace', 'alan'])
      throw new Error('no')
    })).rejects.toThrow('no')
    expect(await names()).toEqual(['ada', 'grace', 'alan'])
    await app.cache.clear()
    expect(await names()).toEqual(['ada', 'grace', 'alan'])
  })

  it('does not keep what a connection reads that has settings of its own', async () => {
    if (!database.isServer) return
    await using queryRunner = app.dataSource.createQueryRunner()
    await queryRunner.query(databaseName === 'PostgreSQL' ? "SET search_path = 'public'" : 'SET @@session.sql_safe_updates = 0')
    const read = () => queryRunner.manager.find(User, { cache: true })
    expect([await loadsOf(read), await loadsOf(read)]).toEqual([0, 0])
    expect(await loadsOf(() => users().find({ cache: true }))).toBe(1)
  })

  it('keeps what is read on the one connection that all share, whatever its settings', async () => {
    if (database.isServer) return
    await app.dataSource.query('CREATE TEMP TABLE mine (id int)')
    await app.dataSource.query('DROP TABLE mine')
    const read = () => users().find({ cache: true })
    expect([await loadsOf(read), await loadsOf(read)]).toEqual([1, 0])
  })

  it('asks the database once for many who ask at once, and tells all of its error', async () => {
    expect(await loadsOf(() => Promise.all(Array.from({ length: 20 }, () => users().find({ cache: true }))))).toBe(1)
    const wrong = () => users().createQueryBuilder('u').where('u.nothing = 1').cache(true).getMany().catch((error: Error) => error.name)
    expect(await Promise.all([wrong(), wrong()])).toEqual(['QueryFailedError', 'QueryFailedError'])
    expect(app.errors).toEqual([])
  })

  it('gives everybody values of his own', async () => {
    const [first, second] = [await users().find({ cache: true }), await users().find({ cache: true })]
    first[0]!.name = 'mine'
    first[0]!.address.city = 'mine'
    expect(second[0]).toMatchObject({ name: 'ada', address: { city: 'York' } })
    expect((await users().find({ cache: true }))[0]).toMatchObject({ name: 'ada', address: { city: 'York' } })
  })

  it.each([['memory', false], ['a shared tier', true]])('gives what the driver gives: from %s', async (_, isShared) => {
    const backend = new SharedMemory()
    const tiers = isShared ? [backend.tier()] as const : [memory({ maxEntries: 100 })] as const
    const entities = [sample(databaseName === 'PostgreSQL' ? 'postgres' : 'other')]
    await using other = await App.open(database, { cache: { tiers }, source: { entities, dropSchema: false } })
    await other.cache.ready()
    const samples = other.dataSource.getRepository<Sample>('Sample')
    await samples.deleteAll()
    const value = { id: 1, day: new Date('2026-01-02T03:04:05.000Z'), bytes: Buffer.from([0, 255, 128]), big: '9007199254740993', json: { list: [1, 2], when: '2026-01-02T03:04:05.000Z' }, none: null }
    await samples.insert(value)
    for (const read of [
      (cache: boolean) => samples.find({ cache }),
      (cache: boolean) => samples.createQueryBuilder('s').cache(cache).getRawMany<Record<string, unknown>>(),
    ]) {
      const plain = await read(false)
      const [miss, hit] = [await read(true), await read(true)]
      expect(miss).toStrictEqual(plain)
      expect(hit).toStrictEqual(plain)
      expect(Object.values(hit[0]!).map((each) => (each as object | null)?.constructor)).toEqual(Object.values(plain[0]!).map((each) => (each as object | null)?.constructor))
      expect(JSON.stringify(hit)).toBe(JSON.stringify(plain))
      // Neither is anybody else's.
      for (const each of Object.values(hit[0]!)) if (each instanceof Date) each.setTime(0)
      expect(await read(true)).toStrictEqual(plain)
    }
    expect(other.cache.stats().loads.success).toBe(2)
    expect(other.errors).toEqual([])
  })
})

describe('PostgreSQL that takes its time', () => {
  it.each([
    ['as long as was asked, and not asked once more', { hardTimeout: '1h' }, LoadTimeoutError],
    ['as long as it takes, unless a limit is asked for', undefined, undefined],
  ] as const)('is waited for %s', async (_, queryCache, error) => {
    const clock = manualClock()
    await using database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
    await using app = await App.open(database, { cache: { clock }, orm: { queryCache } })
    await using other = app.dataSource.createQueryRunner()
    await other.startTransaction()
    await other.query('LOCK TABLE teams IN ACCESS EXCLUSIVE MODE')
    const found = app.dataSource.getRepository(Team).find({ cache: true })
    const read = error === undefined ? expect(found).resolves.toEqual([]) : expect(found).rejects.toThrow(error)
    await until('the query waits', async () => ((await other.query('SELECT 1 FROM pg_locks WHERE NOT granted')) as unknown[]).length > 0)
    await clock.advance(3_600_000)
    if (error !== undefined) await read
    await other.rollbackTransaction()
    await read
    expect(app.errors).toEqual([])
  })
})

describe('a connection of the caller\'s own', () => {
  const { start } = databases.find(({ name }) => name === 'PostgreSQL')!

  it('is not what a refresh in the background reads on', async () => {
    const clock = manualClock()
    await using database = await start()
    await using app = await App.open(database, { cache: { clock, jitter: 0 }, orm: { queryCache: { ttl: '1s', staleWhileRevalidate: '1m' } } })
    await using own = app.dataSource.createQueryRunner()
    const read = async (): Promise<number> => {
      const query = own.manager.createQueryBuilder().select('pg_backend_pid()', 'pid').fromDummy().cache(true)
      return (await app.orm.withTags(['pid'], () => query.getRawOne<{ pid: number }>()))!.pid
    }
    const pid = await read()
    await clock.advance(2_000)
    expect(await read()).toBe(pid)
    await until('it is refreshed', async () => (await read()) !== pid)
  })

  it('may be given back before it is needed', async () => {
    const backend = new SharedMemory()
    await using database = await start()
    await using app = await App.open(database, { cache: { tiers: [memory({ maxEntries: 10 }), backend.tier()] } })
    await app.cache.ready()
    await using own = app.dataSource.createQueryRunner()
    const gate = backend.faults.holdReply('read')
    const read = own.manager.find(Team, { cache: true })
    await gate.reached
    await own.release()
    gate.open()
    expect(await read).toEqual([])
  })
})

describe('whatever the database', () => {
  const { start } = databases[0]!

  it('serves what is stale while it is refreshed, and when the database fails', async () => {
    const clock = manualClock()
    await using database = await start()
    await using app = await App.open(database, { cache: { clock, jitter: 0 }, orm: { queryCache: { ttl: '1s', staleWhileRevalidate: '10s', staleIfError: '1m' } } })
    await seed(app.dataSource)
    const read = () => app.dataSource.getRepository(Team).find({ cache: true })
    await read()
    // Past all that watches.
    const connection = app.dataSource.createQueryRunner().connect() as Promise<{ run(sql: string): void }>
    ;(await connection).run("UPDATE teams SET name = 'green' WHERE id = 1")
    await clock.advance(1_500)
    expect((await read())[0]?.name).toBe('red')
    await rest()
    expect((await read())[0]?.name).toBe('green')
    await clock.advance(20_000)
    ;(await connection).run('ALTER TABLE teams RENAME TO gone')
    expect((await read())[0]?.name).toBe('green')
    await clock.advance(60_000)
    await expect(read()).rejects.toThrow('no such table')
  })

  it('takes the lifetimes of one query before those of all', async () => {
    const clock = manualClock()
    await using database = await start()
    await using app = await App.open(database, { cache: { clock, jitter: 0 } })
    const loadsAfter = async (ms: number, options: QueryOptions): Promise<number> => {
      const read = () => app.orm.cached(app.dataSource.getRepository(Team).createQueryBuilder('t'), options)
      await app.cache.clear()
      await read()
      await clock.advance(ms)
      const { loads } = app
      await read()
      return app.loads - loads
    }
    expect([await loadsAfter(9_000, { ttl: '10s' }), await loadsAfter(11_000, { ttl: '10s' }), await loadsAfter(61_000, { ttl: '5m' })]).toEqual([0, 1, 0])
    expect([await loadsAfter(59_000, {}), await loadsAfter(61_000, {}), await loadsAfter(61_000, { tags: ['list'] })]).toEqual([0, 1, 1])
  })

  it('keeps nothing of a transaction that begins while the cache is asked', async () => {
    const backend = new SharedMemory()
    await using database = await start()
    await using app = await App.open(database, { cache: { tiers: [memory({ maxEntries: 10 }), backend.tier()] } })
    await app.cache.ready()
    const teams = app.dataSource.getRepository(Team)
    await teams.insert({ id: 1, name: 'one' })
    const remembering = app.orm.repository(Team, { negativeTtl: '1h' })
    const reads = [() => teams.find({ cache: true }), () => remembering.findByIds([1, 2])]
    const writes = [(manager: EntityManager) => manager.insert(Team, { id: 2, name: 'two' }), (manager: EntityManager) => manager.delete(Team, 1)]
    for (const read of reads) for (const write of writes) {
      await app.cache.clear()
      const gate = backend.faults.holdReply('read')
      const early = read()
      await gate.reached
      await expect(app.dataSource.transaction(async (manager) => {
        await write(manager)
        gate.open()
        await early
        throw new Error('no')
      })).rejects.toThrow('no')
      expect((await read()).filter(Boolean)).toEqual([{ id: 1, name: 'one' }])
    }
  })

  it('does without a shared tier that is away, and without a cache that is closed', async () => {
    const backend = new SharedMemory()
    backend.faults.down()
    await using database = await start()
    await using app = await App.open(database, { cache: { tiers: [memory({ maxEntries: 10 }), backend.tier()] } })
    await seed(app.dataSource)
    const read = () => app.dataSource.getRepository(User).find({ cache: true })
    expect(await read()).toHaveLength(3)
    await app.dataSource.getRepository(User).delete(3)
    expect(await read()).toHaveLength(2)
    expect(app.errors).toEqual([])
    await app.cache.close()
    await app.dataSource.getRepository(User).delete(2)
    expect(await read()).toHaveLength(1)
    expect(app.errors.map((error) => (error as Error).name)).toEqual(expect.arrayContaining(['ClosedError']))
  })

  it('refuses alwaysEnabled, with the reason', async () => {
    await using database = await start()
    const orm = typeormCache((await App.open(database)).cache)
    const open = (): DataSource => new DataSource({ type: 'sqljs', cache: { ...orm.queryCache(), alwaysEnabled: true } })
    expect(open).toThrow(/cache\.alwaysEnabled.*save\(\)/)
  })

  it('saves what is changed though a cached row says otherwise', async () => {
    await using database = await start()
    await using app = await App.open(database)
    await seed(app.dataSource)
    const posts = app.dataSource.getRepository(Post)
    const read = () => posts.findOne({ where: { id: 1 }, cache: true })
    const before = (await read())!.title
    await posts.save({ id: 1, title: 'v1' })
    await posts.save({ id: 1, title: before })
    expect((await posts.findOneByOrFail({ id: 1 })).title).toBe(before)
    expect((await read())?.title).toBe(before)
  })

  it('comes with attach, where the options did not have it', async () => {
    await using database = await start()
    await using app = await App.open(database)
    const { queryResultCache } = app.dataSource
    app.orm.attach(app.dataSource)
    expect(app.dataSource.queryResultCache).toBe(queryResultCache)
    const dataSource = await new DataSource({ type: 'sqljs', entities: [new EntitySchema<{ id: number }>({ name: 'thing', columns: { id: { type: Number, primary: true } } })], synchronize: true }).initialize()
    app.orm.attach(dataSource).attach(dataSource)
    expect(dataSource.subscribers).toHaveLength(1)
    const things = dataSource.getRepository<{ id: number }>('thing')
    expect(await things.find({ cache: true })).toEqual([])
    await things.insert({ id: 1 })
    expect(await things.find({ cache: true })).toEqual([{ id: 1 }])
    expect(await app.orm.repository<{ id: number }>('thing').findById(1)).toEqual({ id: 1 })
    await dataSource.destroy()
  })
})
