import { nsPerOperation } from '../src/measure.ts'
import { serve, startedWith } from '../src/process/serve.ts'
import { awaited } from '../src/repeat.ts'
import { type ArmName, ARMS, type ShopArm } from './arms.ts'
import { Product, PRODUCTS, VENDORS } from './shop.ts'

/* Reads and writes a shop through TypeORM, and is timed. */

export interface ShopStart {
  /** Several share the process and the database: they are compared more closely. */
  readonly arms: readonly ArmName[]
  readonly databaseUrl: string
  readonly redisUrl: string
}

export interface ShopWork {
  readonly arm: ArmName
  readonly operation: 'by key' | 'by key, as an entity' | 'with a join' | 'insert' | 'save'
}

const SAMPLES = 3
const { arms, databaseUrl, redisUrl } = startedWith<ShopStart>()
const shops = new Map<ArmName, ShopArm>()
for (const arm of arms) shops.set(arm, await ARMS[arm](databaseUrl, redisUrl))
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1))

interface Operation {
  readonly keys: readonly string[]
  readonly run: (key: string) => Promise<unknown>
}

function operationOf({ arm, operation }: ShopWork): Operation {
  const { dataSource, orm } = shops.get(arm)!
  const products = dataSource.getRepository(Product)
  const cache = dataSource.queryResultCache !== undefined
  const row = { name: 'new', price: 1, note: 'n', vendor: { id: 1 } }
  switch (operation) {
    case 'by key':
      return { keys: ids(PRODUCTS), run: (id) => products.findOne({ where: { id: Number(id) }, cache }) }
    case 'by key, as an entity':
      return {
        keys: ids(PRODUCTS),
        run: (id) => (orm === undefined ? products.findOneBy({ id: Number(id) }) : orm.repository(Product).findById(Number(id))),
      }
    case 'with a join':
      return { keys: ids(VENDORS), run: (id) => products.find({ where: { vendor: { id: Number(id) } }, relations: { vendor: true }, cache }) }
    case 'insert':
      return { keys: ['new'], run: () => products.insert({ ...row }) }
    case 'save':
      return { keys: ['new'], run: () => products.save({ ...row }) }
  }
}

/** Nanoseconds each, one after another. Reads are of what has been read before. */
async function time(work: ShopWork): Promise<number> {
  const { keys, run } = operationOf(work)
  const isRead = keys.length > 1
  if (isRead) for (const key of keys) await run(key)
  return nsPerOperation(awaited(keys, run), isRead ? 50 : 20, SAMPLES)
}

/** Deletes so many rows with one statement: invalidations, and milliseconds. */
async function deleteMany(rows: number): Promise<{ readonly invalidations: number; readonly ms: number }> {
  const { cache, dataSource } = shops.get(arms[0]!)!
  const products = dataSource.getRepository(Product)
  await dataSource.query(`INSERT INTO product (name, price, note) SELECT 'gone', -1, '' FROM generate_series(1, ${rows})`)
  const before = cache?.stats().invalidations.local ?? 0
  const begun = performance.now()
  const { affected } = await products.delete({ name: 'gone' })
  const ms = performance.now() - begun
  if (affected !== rows) throw new Error(`${affected} rows were deleted`)
  return { invalidations: (cache?.stats().invalidations.local ?? 0) - before, ms }
}

const orders = { time, deleteMany }
export type ShopOrders = typeof orders
serve(orders, async () => {
  for (const { cache, dataSource } of shops.values()) {
    await dataSource.destroy()
    await cache?.close()
  }
})
