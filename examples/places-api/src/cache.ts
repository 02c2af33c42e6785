/** The cache of this API. This is the file to copy. */

import { type Cache, createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'

/** How long a process that has lost sight of the other's invalidations still trusts its own memory. */
export const maxUnsyncedMs = 3_000

export function createPlacesCache(redisUrl: string): Cache {
  return createCache({
    name: 'places',
    tiers: [memory({ maxEntries: 20_000 }), redis({ url: redisUrl })],
    ttl: '20s',
    staleWhileRevalidate: '30s',
    staleIfError: '5m',
    hardTimeout: '3s',
    maxUnsynced: maxUnsyncedMs,
  })
}
