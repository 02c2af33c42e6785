import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { until } from 'test-support'
import { serve, startedWith } from '../../src/process/serve.ts'
import { Pump } from './pump.ts'

/* A process through whose cache ever new keys and tags go. */

export interface MemoryStart {
  readonly url: string
  readonly maxEntries: number
  readonly self: number
  readonly peer: number
}

/** Bytes. */
export interface Sample {
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
}

const TAGS = 100_000
const KEYS = 10_000
const AT_ONCE = 500

const { url, maxEntries, self, peer } = startedWith<MemoryStart>()
const cache = createCache({ name: 'memory', tiers: [memory({ maxEntries }), redis({ url })] })
await cache.ready()
const pump = new Pump(cache, self, peer)
let outOfStep = 0
let mostQueued = 0
let since = 0
cache.on('outOfStep', () => outOfStep++)
cache.on('queued', () => (mostQueued = Math.max(mostQueued, cache.stats().queued)))

const allReplayed = (): Promise<void> => until('everything to be replayed', async () => cache.stats().queued === 0)

const orders = {
  /** Invalidates more tags and keys than a process remembers the stamps of: from then on these tables are full. */
  async fill() {
    for (let from = 0; from < TAGS; from += AT_ONCE) {
      const names = Array.from({ length: AT_ONCE }, (_, index) => `filler:${from + index}`)
      await cache.invalidate({ keys: from < KEYS ? names : [], tags: names })
    }
    await allReplayed()
  },
  start(at: number) {
    since = at
    pump.start(since)
  },
  /** What is in use while nothing is under way and after what is not in use was collected. */
  async sample(): Promise<Sample> {
    await pump.stop()
    globalThis.gc!()
    const { heapUsed, external, rss } = process.memoryUsage()
    pump.start(since)
    return { heapUsed, external, rss }
  },
  async finish() {
    await pump.stop()
    await allReplayed()
    const stats = cache.stats()
    if (stats.loads.active > 0) throw new Error(`${stats.loads.active} loads did not end`)
    return { flow: pump.flow, stats, outOfStep, mostQueued }
  },
}
export type MemoryOrders = typeof orders
serve(orders, () => cache.close())
