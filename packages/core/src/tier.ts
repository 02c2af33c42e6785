import type { Duration } from './duration.ts'
import type { Serializer } from './serializer.ts'
import type { SharedStore } from './shared-store.ts'
import type { Store } from './store.ts'

/** A place where entries live. Made by `memory()`, `tier()`, and the packages of shared tiers. */
export type Tier = MemoryTier | PlainTier | SharedTier

/** The bounds of a memory tier: entries, bytes, or both. */
export type MemoryBounds =
  | { readonly maxEntries: number; readonly maxBytes?: number | undefined }
  | { readonly maxEntries?: number | undefined; readonly maxBytes: number }

/** The eviction policies of a memory tier. */
export type PolicyName = 'adaptive' | 'lru' | 'sieve' | 's3fifo' | 'tinylfu'

export type MemoryOptions = MemoryBounds & {
  /** The longest an entry stays fresh in this tier. Default: as long as the entry says. */
  readonly ttl?: Duration | undefined
  /** Which entry leaves first. Default `'adaptive'`. */
  readonly policy?: PolicyName | undefined
  /**
   * What callers get: the stored object itself (`'none'`, the default), a structured clone (`'clone'`), or the
   * object deep-frozen (`'freeze'`).
   */
  readonly copy?: 'none' | 'clone' | 'freeze' | undefined
}

export interface MemoryTier {
  readonly kind: 'memory'
  readonly name: string
  readonly options: MemoryOptions
}

export interface PlainTier {
  readonly kind: 'plain'
  readonly name: string
  readonly store: Store
}

/** A shared tier, made by `sharedTier` of `@stratacache/core/shared`. Caches that are given the same object share its connections, its follower and its tag table. */
export interface SharedTier {
  readonly kind: 'shared'
  readonly name: string
  readonly serializer: Serializer
  /** One more store over the same backend: the cache's own use of it. */
  open(): SharedStore
}

/**
 * The tier in this process's memory. Bounded by entries, by bytes (estimated), or by both.
 *
 * @example
 * ```ts
 * const cache = createCache({ tiers: [memory({ maxEntries: 10_000 })], ttl: '5m' })
 * ```
 */
export const memory = (options: MemoryOptions): MemoryTier => ({ kind: 'memory', name: 'memory', options })

/**
 * A plain tier over a store of your own: any key-value store that only this process writes.
 *
 * @param options.name shown in stats and events; default: the store's name.
 * @example
 * ```ts
 * const map = new Map<string, Entry>()
 * const store: Store = {
 *   name: 'map',
 *   get: (key) => map.get(key),
 *   set: (key, entry) => void map.set(key, entry),
 *   delete: (keys) => keys.forEach((key) => map.delete(key)),
 * }
 * const layered = createCache({ tiers: [memory({ maxEntries: 100 }), tier(store)] })
 * ```
 */
export const tier = (store: Store, options?: { readonly name?: string }): PlainTier => ({
  kind: 'plain',
  name: options?.name ?? store.name,
  store,
})
