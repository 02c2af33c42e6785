import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { askRedis, startRedis, startRedisCluster } from 'test-support'
import { Cluster } from 'ioredis'
import { DataSource, EntitySchema, type EntitySubscriberInterface } from 'typeorm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typeormCache } from '../src/index.ts'
import { type Database, databases } from './support/databases.ts'
import { Post, User } from './support/entities.ts'
import { App, seed } from './support/town.ts'

/** What users of TypeORM's own cache have reported: https://github.com/typeorm/typeorm/issues/NUMBER. */
describe('issues of TypeORM', () => {
  let database: Database
  let server: Awaited<ReturnType<typeof startRedis>>
  let app: App
  const users = () => app.dataSource.getRepository(User)

  beforeAll(async () => {
    ;[database, server] = await Promise.all([databases[0]!.start(), startRedis()])
    app = await App.open(database, { cache: { name: 'app', tiers: [memory({ maxEntries: 100 }), redis({ url: server.url, prefix: 'mine' })] } })
    await app.cache.ready()
    await seed(app.dataSource)
  })

  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await server.stop()
  })

  it('#2721, #3453: what is removed or inserted is seen at once, without a line of invalidation', async () => {
    const titles = async () => (await app.dataSource.getRepository(Post).find({ cache: true, order: { id: 'ASC' } })).map(({ title }) => title)
    expect(await titles()).toEqual(['first', 'second', 'third'])
    await app.dataSource.getRepository(Post).remove(await app.dataSource.getRepository(Post).findOneByOrFail({ id: 2 }))
    expect(await titles()).toEqual(['first', 'third'])
    await app.dataSource.getRepository(Post).insert({ title: 'fourth' })
    expect(await titles()).toEqual(['first', 'third', 'fourth'])
  })

  it('#1920: a cache for each entity', async () => {
    const repository = app.orm.repository(User, { ttl: '1h' })
    const { loads } = app
    expect([(await repository.findById(1))?.name, (await repository.findById(1))?.name]).toEqual(['ada', 'ada'])
    expect(app.loads - loads).toBe(1)
  })

  it('#4277, #5987: a count is a count when it comes from the cache', async () => {
    const page = () => users().findAndCount({ take: 1, order: { id: 'ASC' }, cache: true })
    expect([(await page())[1], (await page())[1], await users().count({ cache: true }), await users().count({ cache: true })]).toEqual([3, 3, 3, 3])
  })

  it('#7610, #8243, #8283, #9469: an id names all the queries that are made of one find', async () => {
    const page = () => users().findAndCount({ relations: { posts: true }, take: 1, order: { id: 'ASC' }, cache: { id: 'wrapped', milliseconds: 60_000 } })
    await page()
    const { loads } = app
    await app.dataSource.queryResultCache?.remove(['wrapped'])
    await page()
    expect(app.loads - loads).toBe(3)
  })

  it('#1730, #2656: other parameters are another query', async () => {
    const named = async (name: string) => (await users().findOne({ where: { name }, cache: { id: 'named', milliseconds: 60_000 } }))?.name
    expect([await named('ada'), await named('grace')]).toEqual(['ada', 'grace'])
  })

  it('#2794, #11288: dates are dates, in entities and in rows', async () => {
    await users().softDelete(3)
    const read = () => users().findOneOrFail({ where: { id: 3 }, withDeleted: true, cache: true })
    const [miss, hit] = [await read(), await read()]
    expect(hit.deletedAt).toBeInstanceOf(Date)
    expect(hit).toEqual(miss)
    await users().restore(3)
  })

  it('#9603: nothing is made into JSON and back', async () => {
    const read = () => users().createQueryBuilder('u').select('u.id', 'id').cache(true).getRawMany<{ id: number }>()
    await read()
    const { parse, stringify } = JSON
    const texts: unknown[] = []
    JSON.parse = (text: string, ...rest) => {
      texts.push(text)
      return parse(text, ...rest)
    }
    JSON.stringify = ((value: unknown, ...rest: []) => {
      const text = stringify(value, ...rest)
      texts.push(text)
      return text
    }) as typeof JSON.stringify
    try {
      expect(await read()).toHaveLength(3)
    } finally {
      Object.assign(JSON, { parse, stringify })
    }
    // What TypeORM asks of every cache: the parameters, and what is to be stored, which is nothing.
    expect(texts).toEqual(['[]', 'null'])
  })

  it('#926, #8725, #10042: without Redis the application starts, reads and writes', async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 10 }), redis({ url: 'redis://127.0.0.1:1' })] })
    const orm = typeormCache(cache)
    const dataSource = await database.open({ entities: app.dataSource.options.entities!, subscribers: [orm.Subscriber], cache: orm.queryCache() })
    await seed(dataSource)
    const read = () => dataSource.getRepository(User).count({ cache: true })
    expect(await read()).toBe(3)
    await dataSource.getRepository(User).delete(1)
    expect(await read()).toBe(2)
    await dataSource.destroy()
    await cache.close()
  })

  it('#9987: a Redis that does not answer holds nobody up', async () => {
    await users().count({ cache: true })
    server.pause()
    try {
      const name = async () => (await users().findOneOrFail({ where: { id: 1 }, cache: true })).name
      await name()
      await users().update(1, { name: 'countess' })
      expect(await name()).toBe('countess')
    } finally {
      server.resume()
    }
    await users().update(1, { name: 'ada' })
  })

  it('#11224: a Redis Cluster', async () => {
    await using cluster = await startRedisCluster()
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
    const cache = createCache({ tiers: [redis({ client })] })
    await cache.ready()
    const orm = typeormCache(cache)
    const dataSource = await database.open({ entities: app.dataSource.options.entities!, subscribers: [orm.Subscriber], cache: orm.queryCache() })
    await seed(dataSource)
    const read = () => dataSource.getRepository(User).count({ cache: true })
    expect([await read(), await read(), cache.stats().loads.success]).toEqual([3, 3, 1])
    await dataSource.getRepository(User).delete(1)
    expect(await read()).toBe(2)
    await dataSource.destroy()
    await cache.close()
    client.disconnect()
  })

  it('#1905, #1915, #6936: keys have a prefix, and what is another\'s stays', async () => {
    await users().find({ cache: true })
    await askRedis(server.port, 'SET', 'of-another', '1')
    const keys = (await askRedis(server.port, 'KEYS', '*')) as string[]
    expect(keys.filter((key) => !/^\{?mine/.test(key))).toEqual(['of-another'])
    await app.dataSource.queryResultCache?.clear()
    expect(await askRedis(server.port, 'EXISTS', 'of-another')).toBe(1)
  })

  it('#9910, #10137, #10500: alwaysEnabled, which loses updates, is refused', () => {
    const cache = { ...app.orm.queryCache(), alwaysEnabled: true }
    expect(() => new DataSource({ type: 'sqljs', cache })).toThrow('cache.alwaysEnabled')
  })

  it('#2246, #2278, #2809, #9973: an update by criteria, of which subscribers are told nothing, is followed', async () => {
    const told: unknown[] = []
    const subscriber: EntitySubscriberInterface = { afterUpdate: ({ databaseEntity }) => void told.push(databaseEntity) }
    app.dataSource.subscribers.push(subscriber)
    const scores = async () => (await users().find({ order: { id: 'ASC' }, cache: true })).map(({ score }) => score)
    await scores()
    await users().update({ name: 'grace' }, { score: 50 })
    app.dataSource.subscribers.pop()
    expect(told).toEqual([undefined])
    expect(await scores()).toEqual([1, 50, 3])
  })

  it('#743, #2816, #7749, #8661: nothing happens before the commit', async () => {
    const seen: number[] = []
    await app.dataSource.transaction(async (manager) => {
      app.invalidated.length = 0
      await manager.save(User, { id: 2, score: 51 })
      seen.push(app.invalidated.length)
    })
    expect([seen, app.invalidated.length]).toEqual([[0], 1])
  })
})

describe('issues of TypeORM, on PostgreSQL', () => {
  it('#3370, #9021: a cached query needs no second connection', async () => {
    await using database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
    await using app = await App.open(database, { source: { extra: { max: 1 } } as object })
    await seed(app.dataSource)
    await using queryRunner = app.dataSource.createQueryRunner()
    await queryRunner.connect()
    // The only connection is held, and used.
    const read = () => queryRunner.manager.find(User, { cache: true })
    expect((await Promise.all([read(), read()])).map(({ length }) => length)).toEqual([3, 3])
    await queryRunner.release()
    const many = Array.from({ length: 20 }, (_, i) => app.dataSource.getRepository(User).findAndCount({ take: (i % 3) + 1, cache: true }))
    expect((await Promise.all(many)).map(([, count]) => count)).toEqual(Array.from({ length: 20 }, () => 3))
  })

  it('rows with a value that cannot be copied are not cached, and it is said once', async () => {
    await using database = await databases.find(({ name }) => name === 'PostgreSQL')!.start()
    const entities = [new EntitySchema<{ id: number; span: object }>({ name: 'Span', columns: { id: { type: Number, primary: true }, span: { type: 'interval' } } })]
    await using app = await App.open(database, { source: { entities } })
    await app.dataSource.query("INSERT INTO span VALUES (1, '1 hour')")
    const read = () => app.dataSource.getRepository('Span').find({ cache: true })
    const [first, second] = [await read(), await read()]
    expect(first).toEqual(second)
    expect(app.loads).toBe(2)
    await app.orm.repository('Span').findById(1)
    expect(app.errors.map(String)).toEqual([expect.stringContaining("'Span_span' is not cached")])
  })
})
