import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { nsPerOperation } from '../../src/measure.ts'
import { serve, startedWith } from '../../src/process/serve.ts'
import { awaited, inFlight } from '../../src/repeat.ts'
import { TTL_MS } from '../libraries/library.ts'
import { KEYS, userOf } from '../users.ts'
import { SlowSource } from './slow-source.ts'
import { COUNTED, writerOf, WRITERS } from './writers.ts'

/* Changes a source in one way, and is timed or counted. */

export interface WriterStart {
  readonly arm: string
  readonly isCounted: boolean
  readonly redisUrl: string | undefined
  /** For journals. */
  readonly folder: string
}

export interface WriterWork {
  readonly sourceMs: number
  readonly inFlight: number
}

export interface Changes {
  readonly changes: number
  /** Different ones, which are changed in turn. */
  readonly keys: number
  readonly inFlight: number
}

const SAMPLES = 3
/** Few where one waits for the next: some wait for a disk. */
const timesOf = (count: number): number => (count === 1 ? 10 : 5 * count)

const { arm, isCounted, redisUrl, folder } = startedWith<WriterStart>()
const { strategy } = writerOf(isCounted ? COUNTED : WRITERS, arm)
const source = new SlowSource(0)
const users = KEYS.map(userOf)
const cache = createCache({ tiers: [memory({ maxEntries: KEYS.length }), ...(redisUrl === undefined ? [] : [redis({ url: redisUrl })])], ttl: TTL_MS })
await cache.ready()
const collection = cache.collection('users', {
  load: (id: number) => users[id]!,
  write: () => source.call(),
  writeMany: () => source.call(),
  writeStrategy: strategy?.(folder),
})

async function change(_key: string, id: number): Promise<true> {
  if (strategy === undefined) await source.call()
  else await collection.set(id, users[id]!)
  return true
}

const runOf = (count: number, keys: readonly string[]) => (count === 1 ? awaited(keys, change) : inFlight(count, keys, change))

/** Nanoseconds per change, as long as the caller waits for it. */
async function time({ sourceMs, inFlight: count }: WriterWork): Promise<number> {
  source.ms = sourceMs
  const ns = await nsPerOperation(runOf(count, KEYS), timesOf(count), SAMPLES)
  await collection.flush()
  return ns
}

/** How often the source is called until it has all changes. */
async function count({ changes, keys, inFlight: together }: Changes): Promise<number> {
  source.calls = 0
  await runOf(together, KEYS.slice(0, keys))(changes)
  await collection.flush()
  return source.calls
}

const orders = { time, count }
export type WriterOrders = typeof orders
serve(orders, () => cache.close())
