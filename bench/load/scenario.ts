import type { QueryName } from './source/queries.ts'

/** What is asked of the source, how often, and what stands between. Plain data: it is sent to the arms' processes. */
export interface Scenario {
  readonly name: string
  /** What is asked, and whom that flatters. */
  readonly about: string
  readonly query: QueryName
  readonly arrivals: Arrivals
  readonly keys: Keys
  /** The share of requests that change their row, and invalidate it after the commit. */
  readonly writes: number
  /** How many entries memory holds. */
  readonly memory: number
  /** What the way to Redis and back takes longer, in milliseconds. */
  readonly redisDelay: number
  /** Milliseconds that are not counted, after which caches hold what is popular. */
  readonly warmUp: number
  /** Milliseconds that are counted. */
  readonly measured: number
  /** Whether the first second is also told apart. */
  readonly firstSecond: boolean
  readonly arms: readonly string[]
}

export type Arrivals =
  /** Independent of each other, at this share of what the database alone serves. */
  | { readonly kind: 'independent'; readonly share: number }
  /** So many at the same instant, every so many milliseconds, all for one key. */
  | { readonly kind: 'herds'; readonly size: number; readonly every: number }

export type Keys =
  | { readonly kind: 'zipf'; readonly count: number; readonly skew: number }
  /** Each arrival, or each herd, has a key that no other has. */
  | { readonly kind: 'once' }
