import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { serve, startedWith } from '../../src/process/serve.ts'
import { TimedReads } from '../reads/timed-reads.ts'

/* Reads through a slow connection: keys that Redis has and memory has not, and keys that nobody has. */

export interface SlowStart {
  readonly url: string
  /** The same server without delay. */
  readonly directUrl: string
  /** How many keys Redis is to have. */
  readonly stored: number
}

const NAME = 'slow'
const STORED = 'stored:'

const { url, directUrl, stored } = startedWith<SlowStart>()
await store()
const cache = createCache({ name: NAME, tiers: [memory({ maxEntries: 10_000 }), redis({ url })] })
await cache.ready()
// The first read of a process connects, and each script is sent once as a whole.
await cache.getOrSet('first', () => 'loaded')
const sharedHits = new TimedReads(cache, STORED)
const misses = new TimedReads(cache, 'miss:')

const orders = {
  start(everyMs: number) {
    sharedHits.start(everyMs)
    misses.start(everyMs)
  },
  async finish() {
    const [hits, missing] = await Promise.all([sharedHits.finish(), misses.finish()])
    return { sharedHits: hits, misses: missing }
  },
}
export type SlowOrders = typeof orders
serve(orders, () => cache.close())

async function store(): Promise<void> {
  await using writer = createCache({ name: NAME, tiers: [redis({ url: directUrl })] })
  await Promise.all(Array.from({ length: stored }, (_, index) => writer.set(`${STORED}${index}`, `${STORED}${index}`)))
}
