/** Why an entry left the memory tier. */
export type RemovalCause = 'capacity' | 'expired' | 'replaced' | 'invalidated' | 'rejected'

/** Why a stale value was served. */
export type StaleReason = 'revalidate' | 'softTimeout' | 'error'

/** The events of a cache. They carry keys, never values. */
export interface CacheEvents {
  /** A fresh value was served from a tier. */
  readonly hit: { readonly key: string; readonly tier: string }
  /** A stale value was served by policy. */
  readonly stale: { readonly key: string; readonly reason: StaleReason }
  /** No tier had a servable value. */
  readonly miss: { readonly key: string }
  /** A load ended well. */
  readonly load: { readonly key: string; readonly durationMs: number }
  /** A load failed; with a stale value at hand its callers do not see the error. */
  readonly loadError: { readonly key: string; readonly error: unknown }
  /** The source failed to take a change that was accepted before (`writeBehind`). It is tried again. */
  readonly writeError: { readonly collection: string; readonly key: string; readonly attempts: number; readonly error: unknown }
  /** An explicit write. */
  readonly set: { readonly key: string; readonly status: 'stored' | 'superseded' | 'queued' | 'refused' }
  readonly expire: { readonly keys: readonly string[]; readonly tags: readonly string[]; readonly origin: 'local' | 'remote' }
  readonly invalidate: { readonly keys: readonly string[]; readonly tags: readonly string[]; readonly origin: 'local' | 'remote' }
  /** An entry left the memory tier, or another took its place under the same key. */
  readonly evict: { readonly key: string; readonly cause: RemovalCause }
  /** What the cache has was not what the source had, and is served still (`shadow`). */
  readonly mismatch: { readonly key: string; readonly tier: string; readonly ageMs: number }
  readonly tierDown: { readonly tier: string; readonly error: unknown }
  readonly tierUp: { readonly tier: string }
  /** The follower lost the log: memory was cleared, or is about to be distrusted. */
  readonly outOfStep: { readonly tier: string; readonly reason: 'disconnected' | 'gap' | 'regressed' }
  readonly inStep: { readonly tier: string }
  /** An invalidation waits for the shared tier. */
  readonly queued: { readonly keys: number; readonly tags: number }
  /** Queued invalidations were applied. */
  readonly replayed: { readonly keys: number; readonly tags: number; readonly stamp: number }
  /** A source of invalidations failed: what it knows of is not invalidated. Unheard, it is a process warning. */
  readonly sourceError: { readonly source: string; readonly error: unknown }
  /** Stored bytes were not an entry, or a value could not be stored: a miss. */
  readonly corrupt: { readonly key: string; readonly tier: string; readonly error: unknown }
}
