import { memory } from '@stratacache/core'
import { rest, SharedMemory } from '@stratacache/core/testing'
import { EntitySchema } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, databases } from './support/databases.ts'
import { Category, Media, Photo, Post, Price, Tag, Team, User } from './support/entities.ts'
import { App, seed } from './support/town.ts'

describe.each(databases)('$name', ({ start }) => {
  let database: Database
  let app: App

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
  })

  const loadsOf = async (read: () => Promise<unknown>): Promise<number> => {
    const { loads } = app
    await read()
    return app.loads - loads
  }
  const users = () => app.orm.repository(User)

  it('gives real entities: methods, getters, embedded ones, relations', async () => {
    for (let read = 0; read < 2; read++) {
      const user = await users().findById(1, { relations: { team: true, posts: { tags: true } } })
      expect(user).toBeInstanceOf(User)
      expect([user?.greet(), user?.label]).toEqual(['I am ada', 'ada of York'])
      expect(user?.team).toBeInstanceOf(Team)
      expect(user?.posts?.[0]?.tags?.map(({ code }) => code).toSorted()).toEqual(['cats', 'news'])
      const photo = await app.orm.repository(Media).findById(1)
      expect(photo).toBeInstanceOf(Photo)
      expect((photo as Photo).width).toBe(10)
    }
    expect(app.loads).toBeGreaterThan(0)
  })

  it('can be saved: what is changed, and no more', async () => {
    await users().findById(2)
    const user = await users().findById(2)
    user!.score = 99
    await app.dataSource.getRepository(User).save(user!)
    expect((await users().findById(2))?.score).toBe(99)
    expect(app.invalidated).toEqual([['user', 'user:2']])
  })

  it('gives everybody an instance of his own, unless asked to share', async () => {
    const [first, second] = await Promise.all([users().findById(1), users().findById(1)])
    expect(first).not.toBe(second)
    first!.address.city = 'Oslo'
    expect((await users().findById(1))?.address.city).toBe('York')
    const shared = await users().findById(1, { shared: true })
    expect(await users().findById(1, { shared: true })).toBe(shared)
    const [same, again] = await users().findByIds([1, 1])
    expect(same).not.toBe(again)
    expect(same).toEqual(again)
    await app.dataSource.getRepository(User).update(1, { name: 'lady' })
    expect((await users().findById(1, { shared: true }))?.name).toBe('lady')
  })

  it('loads what is wanted in one turn with one query, in the order asked', async () => {
    let queries = 0
    app.dataSource.subscribers.push({ beforeQuery: () => void queries++ })
    const found = await Promise.all([users().findByIds([3, 9, 1]), users().findById(2)])
    app.dataSource.subscribers.pop()
    expect(queries).toBe(1)
    expect(found.flat().map((user) => user?.name)).toEqual(['alan', undefined, 'ada', 'grace'])
  })

  it('takes keys of every kind', async () => {
    const prices = app.orm.repository(Price)
    expect(await prices.findById({ product: 'pen', country: 'fr' })).toMatchObject({ amount: 2 })
    expect(await prices.findByIds([{ product: 'pen', country: 'uk' }, { product: 'ink', country: 'uk' }])).toMatchObject([{ amount: 1 }, null])
    expect(await app.orm.repository(Tag).findById('cats')).toMatchObject({ label: 'Cats' })
    expect(await users().findById({ id: 2 })).toMatchObject({ name: 'grace' })
    expect(await users().findById('2')).toMatchObject({ name: 'grace' })
    await expect(prices.findById('pen')).rejects.toThrow('Cannot use given entity id')
  })

  it('finds what the database takes for equal', async () => {
    const tags = app.orm.repository(Tag)
    const read = async (code: string) => ({ cached: await tags.findById(code), fresh: await app.dataSource.getRepository(Tag).findOneBy({ code }) })
    for (const code of ['cats', 'CATS', 'cats ', 'Cats', 'c%']) {
      const { cached, fresh } = await read(code)
      expect(cached, code).toEqual(fresh)
      await app.dataSource.getRepository(Tag).update({ code: 'cats' }, { label: `of ${code}` })
      const after = await read(code)
      expect(after.cached, code).toEqual(after.fresh)
    }
  })

  it('depends on its rows, and not on others', async () => {
    const post = () => app.orm.repository(Post).findById(1, { relations: { author: { team: true } } })
    const { manager } = app.dataSource
    await post()
    for (const [name, write, isAffected] of [
      ['another post', () => manager.update(Post, 2, { title: 'x' }), false],
      ['another author', () => manager.update(User, 2, { name: 'x' }), false],
      ['another team', () => manager.update(Team, 2, { name: 'x' }), false],
      ['a new one', () => manager.insert(Post, { title: 'new' }), false],
      ['a comment', () => manager.query('DELETE FROM comment'), false],
      ['itself', () => manager.update(Post, 1, { title: 'x' }), true],
      ['its author', () => manager.update(User, 1, { name: 'x' }), true],
      ['the team of its author', () => manager.update(Team, 1, { name: 'x' }), true],
      ['who knows which', () => manager.update(User, { score: 2 }, { score: 3 }), true],
      ['no author any more', () => manager.update(Post, 1, { author: null }), true],
      ['another author, now that it has none', () => manager.update(User, 1, { name: 'y' }), false],
    ] as const) {
      await write()
      expect(await loadsOf(post), name).toBe(isAffected ? 1 : 0)
    }
  })

  it('depends on a table where any row may come to belong to it', async () => {
    const user = () => users().findById(1, { relations: { posts: { tags: true } } })
    const { manager } = app.dataSource
    await user()
    for (const write of [
      () => manager.insert(Post, { title: 'of somebody', author: { id: 1 } }),
      () => manager.createQueryBuilder().relation(Post, 'tags').of(1).remove('news'),
      () => manager.update(Tag, 'cats', { label: 'Felines' }),
    ]) {
      await write()
      expect(await loadsOf(user)).toBe(1)
      expect(await loadsOf(user)).toBe(0)
    }
  })

  it('remembers what is not there, if asked to, until it may be', async () => {
    const found = () => app.orm.repository(User, { negativeTtl: '1h' }).findById(4)
    expect(await found()).toBeNull()
    expect(await loadsOf(found)).toBe(0)
    await app.dataSource.getRepository(User).insert({ name: 'four', address: { street: '', city: '' } })
    expect((await found())?.name).toBe('four')
    expect(await loadsOf(() => users().findById(9))).toBe(1)
    expect(await loadsOf(() => users().findById(9))).toBe(1)
  })

  it('leaves out what is softly deleted', async () => {
    await users().findById(1)
    await app.dataSource.getRepository(User).softDelete(1)
    expect(await users().findById(1)).toBeNull()
    await app.dataSource.getRepository(User).restore(1)
    expect((await users().findById(1))?.name).toBe('ada')
  })

  it('sees its own writes in a transaction, given its manager', async () => {
    await users().findById(1)
    await expect(app.dataSource.transaction(async (manager) => {
      await manager.update(User, 1, { name: 'unborn' })
      expect((await users().findById(1, { manager }))?.name).toBe('unborn')
      expect((await users().findByIds([1, 2], { manager })).map((user) => user?.name)).toEqual(['unborn', 'grace'])
      // On the one connection of SQLite all see it.
      expect((await users().findById(1))?.name).toBe(database.isServer ? 'ada' : 'unborn')
      throw new Error('no')
    })).rejects.toThrow('no')
    expect((await users().findById(1))?.name).toBe('ada')
  })

  it('has a tree with its parent and children', async () => {
    const leaf = () => app.orm.repository(Category).findById(2, { relations: { parent: true, children: true } })
    expect(await leaf()).toMatchObject({ name: 'leaf', parent: { name: 'root' }, children: [{ name: 'bud' }] })
    await app.dataSource.getRepository(Category).update(1, { name: 'trunk' })
    expect(await leaf()).toMatchObject({ parent: { name: 'trunk' } })
  })

  it('gives the same from a shared tier', async () => {
    if (!database.isServer) return
    const backend = new SharedMemory()
    const open = () => App.open(database, { cache: { tiers: [memory({ maxEntries: 100 }), backend.tier()] }, source: { dropSchema: false, synchronize: false } })
    await using one = await open()
    await using two = await open()
    await one.cache.ready()
    await two.cache.ready()
    const relations = { team: true, posts: { tags: true } } as const
    const fresh = await app.dataSource.getRepository(User).findOne({ where: { id: 1 }, relations })
    expect(await one.orm.repository(User).findById(1, { relations })).toEqual(fresh)
    await rest()
    expect(await two.orm.repository(User).findById(1, { relations })).toEqual(fresh)
    expect(two.cache.stats().loads.success).toBe(0)
    await one.dataSource.getRepository(User).update(1, { name: 'countess' })
    await rest()
    expect((await two.orm.repository(User).findById(1, { relations }))?.name).toBe('countess')
  })

  it('gives tags for entries of one\'s own', async () => {
    const { orm, cache } = app
    expect([orm.tags(User), orm.tags(User, 1), orm.tags(Price, { product: 'pen', country: 'fr' })]).toEqual([['user'], ['user:1', 'user:*'], ['price:pen:fr', 'price:*']])
    const own = (name: string, tags: string[]) => cache.getOrSet(name, () => 1, { tags })
    const all = () => Promise.all([own('list', orm.tags(User)), own('row', orm.tags(User, 1))])
    await all()
    await app.dataSource.getRepository(User).update(2, { score: 5 })
    expect([cache.getSync('list'), cache.getSync('row')]).toEqual([undefined, 1])
    await all()
    await app.dataSource.getRepository(User).update(1, { score: 5 })
    expect([cache.getSync('list'), cache.getSync('row')]).toEqual([undefined, undefined])
    await all()
    await app.dataSource.getRepository(User).update({ score: 5 }, { score: 6 })
    expect([cache.getSync('list'), cache.getSync('row')]).toEqual([undefined, undefined])
    await all()
    await orm.invalidate(User, 2)
    expect([cache.getSync('list'), cache.getSync('row')]).toEqual([undefined, 1])
    for (const ids of [[], [1]]) {
      await all()
      expect(await orm.invalidate(User, ...ids)).toMatchObject({ status: 'applied' })
      expect([cache.getSync('list'), cache.getSync('row')]).toEqual([undefined, undefined])
    }
  })
})

it('asks for a data source, and for options that there are', async () => {
  const { typeormCache } = await import('../src/index.ts')
  const { createCache } = await import('@stratacache/core')
  const cache = createCache()
  expect(() => typeormCache(cache).repository(User)).toThrow('attach(dataSource)')
  expect(() => typeormCache(cache, { rawSql: 'none' as 'ignore', replicaLag: -1, onError: 1 as never, outbux: true } as object)).toThrow(/outbux.*rawSql.*replicaLag.*onError/s)
  expect(() => typeormCache(cache, { entities: { ttl: 'soon' as '1s' } })).toThrow('ttl')
  expect(() => typeormCache(cache).queryCache({ ttl: 'soon' as '1s' })).toThrow('ttl')
  await cache.close()
})

it('reads an entity whose key has no certain text by itself', async () => {
  await using database = await databases[0]!.start()
  const entities = [new EntitySchema<{ day: Date; text: string }>({ name: 'Diary', columns: { day: { type: Date, primary: true }, text: { type: String } } })]
  await using app = await App.open(database, { source: { entities } })
  const diary = app.dataSource.getRepository<{ day: Date; text: string }>('Diary')
  const [one, two] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')]
  await diary.insert([{ day: one, text: 'a' }, { day: two, text: 'b' }])
  const read = () => app.orm.repository<{ day: Date; text: string }>('Diary').findByIds([{ day: two }, { day: one }])
  expect((await read()).map((each) => each?.text)).toEqual(['b', 'a'])
  const { loads } = app
  await read()
  expect(app.loads).toBe(loads)
  await diary.update({ day: one }, { text: 'c' })
  expect((await read()).map((each) => each?.text)).toEqual(['b', 'c'])
})
