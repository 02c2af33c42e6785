import type { Cache } from '../src/cache.ts'
import { createCache, type CacheConfig } from '../src/create-cache.ts'
import type { Key } from '../src/key.ts'
import { entry } from '../src/loader.ts'
import type { SharedTier } from '../src/tier.ts'
import { memory } from '../src/tier.ts'

/** A shared backend as the coherence suite uses it. */
export interface CoherenceWorld {
  /** The tier as one more process sees it. */
  tier(): SharedTier
  /** Loses records of the backend: of some kind, or all. */
  lose(what: 'leases' | 'tags' | 'clock' | 'log' | 'entries' | 'everything'): Promise<void>
  close(): Promise<void>
}

/** The processes of a story, and the source they read. */
export class ContractTown {
  readonly world: CoherenceWorld
  row = 'v1'
  readonly #caches: Cache[] = []

  constructor(world: CoherenceWorld) {
    this.world = world
  }

  process(config: CacheConfig = {}): Cache {
    const cache = createCache({ tiers: [memory({ maxEntries: 100 }), this.world.tier()], ...config })
    this.#caches.push(cache)
    return cache
  }

  async processes(count: number): Promise<Cache[]> {
    const caches = Array.from({ length: count }, () => this.process())
    await Promise.all(caches.map((cache) => cache.ready()))
    return caches
  }

  /** Reads the row as any reader would. */
  read(cache: Cache): Promise<string> {
    return cache.getOrSet('row', () => entry(this.row, { tags: ['from-loader'] }), { tags: ['table'] })
  }

  /** Leaves a stale entry behind, as if its ttl had passed. */
  async storeStale(cache: Cache): Promise<void> {
    const options = { tags: ['table'], ttl: '1h', staleWhileRevalidate: '1h' } as const
    await cache.getOrSet('row', () => entry('v0', { tags: ['from-loader'] }), options)
    await this.quiet(cache)
    await cache.expire({ keys: ['row'] })
  }

  /** Resolves when the process hears of the next invalidation by another one. */
  remoteInvalidation(cache: Cache): Promise<void> {
    return new Promise((resolve) => {
      const heard = ({ origin }: { readonly origin: string }): void => {
        if (origin !== 'remote') return
        for (const stop of stops) stop()
        resolve()
      }
      const stops = [cache.on('invalidate', heard), cache.on('expire', heard)]
    })
  }

  /** Resolves when no load and no fill of the process is under way. */
  async quiet(cache: Cache, key: Key = 'row'): Promise<void> {
    while ((await cache.explain(key)).loading || cache.stats().loads.active > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  async close(): Promise<void> {
    await Promise.all(this.#caches.map((cache) => cache.close()))
    await this.world.close()
  }
}
