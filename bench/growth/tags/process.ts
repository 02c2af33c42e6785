import { type Cache, createCache, memory, type Tier } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { nsPerOperation } from '../../src/measure.ts'
import { serve, startedWith } from '../../src/process/serve.ts'
import { awaited, inFlight, type Run } from '../../src/repeat.ts'
import type { Effort, TimedOrders } from '../timed-peer.ts'

/* A cache whose entries all have so many tags. */

export interface TagsStart {
  readonly operation: Operation
  readonly tags: number
  readonly redisUrl: string
}

export type Operation = 'memory hit' | 'set' | 'shared hit'

const ENTRIES = 10_000
/** Different tags: each is on many entries. */
const POOL = 1_000
const IN_FLIGHT = 64

const { operation, tags, redisUrl } = startedWith<TagsStart>()
const tiers: [Tier] = operation === 'shared hit' ? [redis({ url: redisUrl, prefix: `tags-${tags}` })] : [memory({ maxEntries: ENTRIES })]
const cache = createCache({ tiers, ttl: '1h' })
await cache.ready()
const keys = Array.from({ length: ENTRIES }, (_, id) => `item:${id}`)
const options = new Map(keys.map((key, id) => [key, { tags: Array.from({ length: tags }, (_, n) => `tag:${(id + 97 * n) % POOL}`) }]))
const load = (): never => {
  throw new Error('a read missed')
}
await inFlight(IN_FLIGHT, keys, set(cache))(ENTRIES)
const run = runOf(operation)

const orders: TimedOrders = { time: ({ times, samples }: Effort) => nsPerOperation(run, times, samples) }
serve(orders, () => cache.close())

function runOf(timed: Operation): Run {
  switch (timed) {
    case 'memory hit':
      return awaited(keys, read)
    case 'set':
      return awaited(keys, set(cache))
    case 'shared hit':
      return inFlight(IN_FLIGHT, keys, read)
  }
}

async function read(key: string): Promise<true> {
  if ((await cache.getOrSet<string>(key, load, options.get(key)!)) !== key) throw new Error(`answered wrong for ${key}`)
  return true
}

function set(into: Cache): (key: string) => Promise<unknown> {
  return (key) => into.set(key, key, options.get(key)!)
}
