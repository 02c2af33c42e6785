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
  /** End of staleWhileRevalidate. */
  readonly staleUntil: number
  /** End of staleIfError. */
  readonly errorUntil: number
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
export const servesStale = (entry: Lifetime, now: number): boolean => now < entry.staleUntil

/** Whether a stale entry may be served because its load failed or is slow. */
export const servesOnError = (entry: Lifetime, now: number): boolean => now < entry.errorUntil

/** Until when a store has a use for the entry. */
export const retainedUntil = (entry: Lifetime): number => Math.max(entry.freshUntil, entry.staleUntil, entry.errorUntil)

export type Lifetime = Pick<Entry, 'freshUntil' | 'staleUntil' | 'errorUntil'>

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
  const freshUntil = now + ttl
  return {
    freshUntil,
    staleUntil: freshUntil + lengths.staleWhileRevalidate,
    errorUntil: freshUntil + lengths.staleIfError,
  }
}

/** The same entry, stale from `now` on (soft invalidation). Its stale windows begin now, and never end later than before. */
export function softened<E extends Lifetime>(entry: E, now: number): E {
  if (entry.freshUntil <= now) return entry
  const early = entry.freshUntil - now
  // Infinity - Infinity is NaN: an entry without end keeps its endless windows only if it had any.
  const shift = (end: number): number => (end === Infinity ? (early === Infinity ? now : end) : end - early)
  return { ...entry, freshUntil: now, staleUntil: shift(entry.staleUntil), errorUntil: shift(entry.errorUntil) }
}
