import { bentocache } from './bentocache.ts'
import { cacheManager } from './cache-manager.ts'
import { cacheable } from './cacheable.ts'
import { collections, collectionsSync, wrapped, wrappedSync } from './collections.ts'
import { ioredisAutoPipelined, ioredisGet, nodeRedisGet } from './clients.ts'
import { layeredLoader } from './layered-loader.ts'
import type { Library } from './library.ts'
import { lruFetch, lruGet } from './lru-cache.ts'
import { map } from './map.ts'
import { lruSet, stratacacheSet } from './sets.ts'
import { stratacache, stratacacheCopies, stratacacheMany, stratacacheOnNodeRedis, stratacacheReads, stratacacheSync } from './stratacache.ts'
import { shadowed, unused } from './unused.ts'

/** Those that put memory in front of Redis. */
export const TWO_TIER: readonly Library[] = [stratacache, layeredLoader, cacheManager, cacheable, bentocache]

/** Those that read memory, awaited. The baseline first. */
export const AWAITED: readonly Library[] = [lruFetch, ...TWO_TIER, ...stratacacheCopies, ...stratacacheReads]

/** Those that read memory and give no promise; filled when they are opened. The baseline first. */
export const SYNC: readonly Library[] = [lruGet, stratacacheSync, ...collectionsSync, wrappedSync, map]

/** Those that come to the same hit in another way. The baseline first. */
export const WAYS: readonly Library[] = [stratacache, ...collections, wrapped]

/** Those that were told something that a hit has nothing to do with, and one that looks at each. The baseline first. */
export const UNUSED: readonly Library[] = [stratacache, ...unused, shadowed]

/** Those that read Redis. The baseline first. */
export const SHARED: readonly Library[] = [ioredisGet, ...TWO_TIER, stratacacheOnNodeRedis, nodeRedisGet, ioredisAutoPipelined]

/** Those that read many keys at once. */
export const MANY_AT_ONCE: readonly Library[] = [stratacache, stratacacheMany]

/** Those that write to memory. The baseline first. */
export const SETS: readonly Library[] = [lruSet, stratacacheSet]

const ALL = [...AWAITED, ...WAYS, ...UNUSED, ...SYNC, ...MANY_AT_ONCE, ...SETS, ...SHARED]

export function libraryOf(name: string): Library {
  const found = ALL.find((library) => library.name === name)
  if (found === undefined) throw new Error(`no library is called ${name}`)
  return found
}
