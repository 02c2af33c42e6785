import { EntitySchema } from 'typeorm'
import { expect, it } from 'vitest'
import { type Database, databases } from './support/databases.ts'
import { App } from './support/town.ts'

interface Shop {
  id: number
  name: string
  details: { tags: string[] }
  owner?: { id: number } | null
  ownerId?: number | null
  offerIds?: number[]
  offers?: { id: number; maker: { id: number } }[]
}

const id = { type: Number, primary: true } as const
/** @param json what the driver makes of it: a text, or an object */
const entitiesWith = (json: 'simple-json' | 'jsonb'): EntitySchema[] => [
  new EntitySchema<{ id: number; name: string }>({ name: 'Owner', columns: { id, name: { type: String } } }),
  new EntitySchema<{ id: number; ownerCount?: number }>({
    name: 'Register',
    columns: { id, ownerCount: { type: Number, virtualProperty: true, query: () => 'SELECT COUNT(*) FROM owner' } },
  }),
  new EntitySchema<Shop>({
    name: 'Shop',
    columns: {
      id,
      name: { type: String },
      details: { type: json, default: '{}' },
    },
    relations: {
      owner: { type: 'many-to-one', target: 'Owner', nullable: true },
      offers: { type: 'one-to-many', target: 'Offer', inverseSide: 'shop' },
    },
    relationIds: { ownerId: { relationName: 'owner' }, offerIds: { relationName: 'offers' } },
  }),
  new EntitySchema<{ id: number; shop: Shop; maker: { id: number } }>({
    name: 'Offer',
    columns: { id },
    relations: { shop: { type: 'many-to-one', target: 'Shop', inverseSide: 'offers' }, maker: { type: 'many-to-one', target: 'Owner' } },
  }),
]

async function open(database: Database): Promise<App> {
  const app = await App.open(database, { source: { entities: entitiesWith(database.name === 'PostgreSQL' ? 'jsonb' : 'simple-json') } })
  const { manager } = app.dataSource
  await manager.insert('Owner', [{ id: 1, name: 'ada' }, { id: 2, name: 'alan' }])
  await manager.insert('Shop', [{ id: 1, name: 'pens', details: { tags: ['a'] }, owner: { id: 1 } }, { id: 2, name: 'inks', details: { tags: [] }, owner: { id: 2 } }])
  return app
}

const loadsOf = async (app: App, read: () => Promise<unknown>): Promise<number> => {
  const { loads } = app
  await read()
  return app.loads - loads
}

it('computes columns anew when a table that they read has changed', async () => {
  await using database = await databases[0]!.start()
  await using app = await open(database)
  const register = () => app.orm.repository<{ id: number; ownerCount?: number }>('Register').findById(1)
  await app.dataSource.manager.insert('Register', { id: 1 })
  expect((await register())?.ownerCount).toBe(2)
  await app.dataSource.manager.insert('Owner', { id: 3, name: 'grace' })
  expect((await register())?.ownerCount).toBe(3)
})

it('gives ids of relations, to each his own', async () => {
  await using database = await databases[0]!.start()
  await using app = await open(database)
  const shops = async () => (await app.orm.repository<Shop>('Shop').findByIds([1, 2])).map((shop) => shop?.ownerId)
  expect([await shops(), await shops()]).toEqual([[1, 2], [1, 2]])
  const one = async (shopId: number) => (await app.orm.repository<Shop>('Shop').findById(shopId))?.ownerId
  expect([await one(2), await one(1), await one(2)]).toEqual([2, 1, 2])
  // TypeORM asks for those of the other side itself: once for each entity that it makes.
  const queries: string[] = []
  app.dataSource.subscribers.push({ beforeQuery: ({ query }) => void queries.push(query) })
  for (let read = 0; read < 3; read++) await one(1)
  expect(queries).toHaveLength(3)
})

it.each(databases.filter(({ name }) => name !== 'MariaDB'))('gives values of columns that nobody else has, one by one and together, on $name', async ({ start }) => {
  await using database = await start()
  await using app = await open(database)
  const shops = app.orm.repository<Shop>('Shop')
  for (let read = 0; read < 2; read++) {
    const shop = await shops.findById(1)
    expect(shop?.details).toEqual({ tags: ['a'] })
    shop!.details.tags.push('mine')
    const [first] = await shops.findByIds([1, 2])
    expect(first?.details).toEqual({ tags: ['a'] })
    first!.details.tags.push('mine')
  }
})

it('gives one instance to all who share, together as well', async () => {
  await using database = await databases[0]!.start()
  await using app = await open(database)
  const shops = app.orm.repository<Shop>('Shop')
  const [first, second] = await shops.findByIds([1, 2], { shared: true })
  expect(first).not.toBe(second)
  const again = await shops.findByIds([2, 1, 1], { shared: true })
  expect(again[0]).toBe(second)
  expect([again[1], again[2], await shops.findById(1, { shared: true })].every((shop) => shop === first)).toBe(true)
})

it('depends on a whole table where it is made of many of its rows', async () => {
  await using database = await databases[0]!.start()
  await using app = await open(database)
  const { manager } = app.dataSource
  const shop = () => app.orm.repository<Shop>('Shop').findById(1, { relations: { offers: { maker: true } } })
  const numbers = Array.from({ length: 60 }, (_, i) => i + 10)
  await manager.insert('Owner', numbers.map((owner) => ({ id: owner, name: `owner ${owner}` })))
  const offer = async (makers: readonly number[]): Promise<void> => {
    for (const maker of makers) await manager.insert('Offer', { id: maker, shop: { id: 1 }, maker: { id: maker } })
    await shop()
  }
  await offer(numbers.slice(0, 10))
  await manager.update('Owner', 19, { name: 'x' })
  expect(await loadsOf(app, shop)).toBe(1)
  await offer(numbers.slice(10, 40))
  await manager.update('Owner', 49, { name: 'x' })
  expect(await loadsOf(app, shop)).toBe(1)
  // None of its own: 40 tags for each entry would cost more.
  await manager.update('Owner', 69, { name: 'x' })
  expect(await loadsOf(app, shop)).toBe(1)
})

const word = (collation?: string): EntitySchema<{ text: string; meaning: string }> => new EntitySchema<{ text: string; meaning: string }>({
  name: 'Word',
  columns: { text: { type: 'varchar', length: 50, primary: true, ...(collation !== undefined && { collation }) }, meaning: { type: String } },
})

it.each([
  ['SQLite', undefined],
  ['SQLite', 'NOCASE'],
  ['MariaDB', undefined],
  ['MariaDB', 'utf8mb4_bin'],
  ['PostgreSQL', undefined],
] as const)('finds what %s takes for equal, and nothing else, with the collation %s', async (name, collation) => {
  const started = databases.find((each) => each.name === name)
  if (started === undefined) return
  await using database = await started.start()
  await using app = await App.open(database, { source: { entities: [word(collation)] } })
  const { manager } = app.dataSource
  await manager.insert('Word', { text: 'cat', meaning: 'animal' })
  await manager.insert('Word', { text: 'CAT', meaning: 'scanner' }).catch(() => {})
  const texts = ['CAT', 'cat', 'Cat', 'dog']
  const fresh = () => Promise.all(texts.map((text) => manager.findOneBy('Word', { text })))
  const expectSame = async (): Promise<void> => {
    for (const text of texts) expect(await app.orm.repository('Word').findById(text), text).toEqual(await manager.findOneBy('Word', { text }))
    expect(await app.orm.repository('Word').findByIds(texts)).toEqual(await fresh())
  }
  expect(await app.orm.repository('Word').findByIds(texts)).toEqual(await fresh())
  await expectSame()
  await manager.update('Word', { text: 'CAT' }, { meaning: 'lift' })
  await expectSame()
  await app.cache.clear()
  await expectSame()
})
