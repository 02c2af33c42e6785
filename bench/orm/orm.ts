import pg from 'pg'
import { startPostgres, startRedis } from 'test-support'
import { compare, type Timed } from '../src/compare.ts'
import { startPeers } from '../src/process/peers.ts'
import type { Peer } from '../src/process/peer.ts'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import type { TimingTable } from '../src/tables.ts'
import { ratio } from '../src/timing.ts'
import type { ArmName } from './arms.ts'
import type { ShopOrders, ShopStart, ShopWork } from './process.ts'
import { fillShop } from './shop.ts'

const ROUNDS = 9
/** Writes differ by little. */
const ROUNDS_OF_WRITES = 40
const READERS: readonly ArmName[] = ['TypeORM, no cache', "TypeORM's own cache, Redis", 'stratacache, memory', 'stratacache, Redis']
const WRITERS: readonly ArmName[] = ['TypeORM, no cache', 'stratacache, memory', 'stratacache, memory and Redis', 'stratacache, outbox']
const READS: readonly ShopWork['operation'][] = ['by key', 'by key, as an entity', 'with a join']
const WRITES: readonly ShopWork['operation'][] = ['insert', 'save']
const DELETED = 100_000
const [PLAIN, OWN, MEMORY] = READERS as [ArmName, ArmName, ArmName]

/** What TypeORM costs with and without a cache: reads of what is cached, and writes that invalidate. */
export async function orm(steps: Steps): Promise<Section> {
  const step = steps(READS.length + WRITES.length + 1)
  await using postgres = await startPostgres({ isDurable: true })
  await using redis = await startRedis()
  const tables: TimingTable[] = []
  const measure = async (names: readonly ArmName[], operation: ShopWork['operation'], rounds: number): Promise<void> => {
    step(operation)
    await using stack = new AsyncDisposableStack()
    const isWrite = WRITES.includes(operation)
    const peers = await openShops(stack, isWrite ? [names] : names.map((name) => [name]), postgres.url, redis.url)
    const arms = names.map((arm, index): Timed<undefined> => ({
      name: arm,
      time: () => peers[isWrite ? 0 : index]!.ask('time', { arm, operation }),
    }))
    tables.push({ kind: 'timing', title: titleOf(operation), unit: 'µs', baseline: PLAIN, timings: await compare(arms, rounds, undefined) })
  }
  for (const operation of READS) await measure(operation === 'by key, as an entity' ? WITHOUT_OWN : READERS, operation, ROUNDS)
  for (const operation of WRITES) await measure(WRITERS, operation, ROUNDS_OF_WRITES)
  step('delete')
  await using stack = new AsyncDisposableStack()
  const [peer] = await openShops(stack, [['stratacache, memory and Redis']], postgres.url, redis.url)
  const { invalidations } = await peer!.ask('deleteMany', DELETED)
  const [byKey, , join, insert] = tables as [TimingTable, TimingTable, TimingTable, TimingTable]
  return {
    name: 'typeorm',
    title: 'TypeORM',
    about:
      'PostgreSQL, with its own settings, and Redis on the same machine. A product by its key is found by `findOne`, as an entity by `repository(Product).findById` (without stratacache: `findOneBy`); the join is of one vendor with 20 products. One after another, all of them cached.',
    tables,
    targets: [
      { text: 'find by key from memory, of the time without a cache', measured: ratio(byKey.timings, MEMORY, PLAIN), rule: 'at most', limit: 0.5, unit: ' ×' },
      { text: "join from memory, of the time of TypeORM's own cache", measured: ratio(join.timings, MEMORY, OWN), rule: 'at most', limit: 1, unit: ' ×' },
      { text: 'an insert with the subscriber, of one without', measured: ratio(insert.timings, MEMORY, PLAIN), rule: 'at most', limit: 1.05, unit: ' ×' },
      { text: `invalidations of a delete of ${DELETED.toLocaleString('en')} rows`, measured: invalidations, rule: 'at most', limit: 1, unit: '' },
    ],
  }
}

const titleOf = (operation: ShopWork['operation']): string =>
  WRITES.includes(operation) ? `${operation === 'insert' ? '`insert`' : '`save`'} of one row` : `Find ${operation}`

/** TypeORM has nothing like it. */
const WITHOUT_OWN = READERS.filter((name) => name !== OWN)

let databases = 0

/** A process for each of `groups`, with a database of its own on both servers. */
async function openShops(stack: AsyncDisposableStack, groups: readonly (readonly ArmName[])[], postgresUrl: string, redisUrl: string): Promise<Peer<ShopOrders>[]> {
  const starts: ShopStart[] = []
  for (const arms of groups) {
    const name = `shop_${databases++}`
    const client = new pg.Client(postgresUrl)
    await client.connect()
    await client.query(`CREATE DATABASE ${name}`)
    await client.end()
    const databaseUrl = postgresUrl.replace(/\/postgres$/, `/${name}`)
    await fillShop(databaseUrl)
    starts.push({ arms, databaseUrl, redisUrl: `${redisUrl}/${starts.length}` })
  }
  return startPeers<ShopOrders>(stack, new URL('process.ts', import.meta.url), starts)
}
