/** Counts since the cache was created, and what it holds now. */
export interface CacheStats {
  readonly requests: RequestStats
  /** By tier, in their order. */
  readonly tiers: Readonly<Record<string, TierStats>>
  readonly loads: LoadStats
  readonly writes: { readonly stored: number; readonly superseded: number; readonly queued: number; readonly refused: number }
  readonly invalidations: { readonly local: number; readonly remote: number }
  /** Reads that were answered from the source to be compared (`shadow`); they are in no other count. */
  readonly shadow: ShadowStats
  /** Whether memory follows the shared tier's log; true without a shared tier. */
  readonly inStep: boolean
  /** Invalidations (keys and tags) that wait for the shared tier. */
  readonly queued: number
  readonly memory: { readonly entries: number; readonly bytes: number; readonly maxEntries: number; readonly maxBytes: number } | undefined
}

/** Reads by callers, by how they were answered. */
export interface RequestStats {
  readonly hit: number
  readonly stale: number
  readonly miss: number
  /** Joined a read of another caller. */
  readonly coalesced: number
  readonly error: number
}

export interface TierStats {
  readonly hit: number
  readonly stale: number
  readonly miss: number
  readonly error: number
  readonly evictions: Readonly<Record<'capacity' | 'expired' | 'replaced' | 'invalidated' | 'rejected', number>> | undefined
}

export interface ShadowStats {
  readonly compared: number
  /** Of these: the cache was wrong. */
  readonly mismatched: number
  /** The source failed, and the cache answered. */
  readonly failed: number
}

export interface LoadStats {
  readonly success: number
  readonly error: number
  readonly timeout: number
  readonly active: number
}

/** The counters behind `CacheStats`, in its shape. Memory hits of the hot path are counted in `HotPath`. */
export class Counters {
  readonly requests = { hit: 0, stale: 0, miss: 0, coalesced: 0, error: 0 }
  readonly loads = { success: 0, error: 0, timeout: 0, active: 0 }
  readonly writes = { stored: 0, superseded: 0, queued: 0, refused: 0 }
  readonly shadow = { compared: 0, mismatched: 0, failed: 0 }
  readonly invalidations = { local: 0, remote: 0 }
}

/** Counters of one tier. */
export class TierCounters {
  hit = 0
  stale = 0
  miss = 0
  error = 0
  readonly evictions = { capacity: 0, expired: 0, replaced: 0, invalidated: 0, rejected: 0 }
}
