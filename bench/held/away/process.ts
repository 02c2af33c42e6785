import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { serve, startedWith } from '../../src/process/serve.ts'
import { TimedReads } from '../reads/timed-reads.ts'
import { KnownReads } from './known-reads.ts'
import type { Settings } from './settings.ts'

/* The process under load: keys that memory has, and keys that nobody has. */

export interface AwayStart {
  readonly url: string
  readonly settings: Settings
}

const MAX_ENTRIES = 20_000

const { url, settings } = startedWith<AwayStart>()
const { maxUnsynced, unsyncedTtl, cooldown, commandTimeout, heartbeat } = settings
const cache = createCache({
  name: 'away',
  tiers: [memory({ maxEntries: MAX_ENTRIES }), redis({ url, commandTimeout, heartbeat })],
  maxUnsynced,
  unsyncedTtl,
  circuitBreaker: { cooldown },
})
await cache.ready()
const known = new KnownReads(cache)
const misses = new TimedReads(cache, 'miss:')

const invalidate = async (count: number, prefix: string) => cache.delete(...Array.from({ length: count }, (_, index) => `${prefix}:${index}`))

const orders = {
  /** What is first done when Redis is away would have reads wait for the compiler, not for Redis. */
  async rehearse(count: number) {
    await invalidate(count, 'rehearsed')
  },
  async start(missEveryMs: number) {
    await known.start()
    misses.start(missEveryMs)
  },
  /** Invalidates so many keys at once, which must wait for Redis. */
  async queue(count: number) {
    const { status } = await invalidate(count, 'queued')
    if (status !== 'queued') throw new Error(`the invalidation was ${status}`)
  },
  distrusted: () => known.distrusted(),
  recovered: () => known.recovered(),
  async finish() {
    const [knownReport, missReport] = await Promise.all([known.finish(), misses.finish()])
    return { known: knownReport, misses: missReport }
  },
}
export type AwayOrders = typeof orders
serve(orders, () => cache.close())
