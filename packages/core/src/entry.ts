import type { Random } from './random.ts'

/**
 * A cached value with what decides whether it may be served. Times are milliseconds on the shared tier's clock
 * (this machine's where there is none); `asOf` is a stamp of the logical clock.
 */
export interface Entry<V = unknown> {
  /** `undefined` records that the source has nothing under this key. */
  readonly value: V | undefined
  /** The logical time at which the load began, or the explicit write was ordered. */
  readonly asOf: number
  readonly storedAt: number
  readonly freshUntil: number
  /** How long after `freshUntil` it may be served while it is refreshed (staleWhileRevalidate). */
  readonly staleFor: number
  /** How long after `freshUntil` it may be served when the load fails (staleIfError). */
  readonly errorFor: number
  /** How long the load took. */
  readonly loadMs: number
  readonly tags: readonly string[]
  readonly version: bigint | undefined
}

export type Freshness = 'fresh' | 'stale' | 'expired'

/** Stale entries may still be served: see `servesStale` and `servesOnError` for when. */
export function classify(entry: Lifetime, now: number): Freshness {
  if (now < entry.freshUntil) return 'fresh'
  return now < retainedUntil(entry) ? 'stale' : 'expired'
}

/** Whether a stale entry may be served at once, while it is refreshed. */
export const servesStale = (entry: Lifetime, now: number): boolean => now < entry.freshUntil + entry.staleFor

/** Whether a stale entry may be served because its load failed or is slow. */
export const servesOnError = (entry: Lifetime, now: number): boolean => now < entry.freshUntil + entry.errorFor

/** Until when a store has a use for the entry. */
export const retainedUntil = (entry: Lifetime): number => entry.freshUntil + Math.max(entry.staleFor, entry.errorFor)

export type Lifetime = Pick<Entry, 'freshUntil' | 'staleFor' | 'errorFor'>

/** Lengths of an entry's life in milliseconds; `Infinity` for no end. */
export interface Lengths {
  readonly ttl: number
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  /** 0..1, the share of `ttl` over which expiry is spread, downwards. */
  readonly jitter: number
}

/** When an entry stored at `now` ends. */
export function lifetime(lengths: Lengths, now: number, random: Random): Lifetime {
  const ttl = lengths.jitter > 0 && lengths.ttl < Infinity ? lengths.ttl * (1 - random() * lengths.jitter) : lengths.ttl
  return { freshUntil: now + ttl, staleFor: lengths.staleWhileRevalidate, errorFor: lengths.staleIfError }
}

/** The same entry, stale from `at` on (soft invalidation): its stale windows begin then. */
export function softened<E extends Lifetime>(entry: E, at: number): E {
  return entry.freshUntil <= at ? entry : { ...entry, freshUntil: at }
}
