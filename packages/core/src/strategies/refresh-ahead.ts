import { ConfigError } from '../error.ts'
import type { ReadStrategy } from '../read-strategy.ts'

export interface RefreshAheadOptions {
  /** The share of its ttl after which a hit refreshes an entry: above 0, below 1. Default 0.8. */
  readonly at?: number | undefined
}

/**
 * A hit late in an entry's life also loads it anew, in the background: what is asked for often is never waited for. Entries
 * that nobody asks for end as usual. One load in all processes, as for a miss; an entry without a ttl is never refreshed.
 *
 * Use it where loads are slow and the same keys are read all the time. Where the value may be a little older than its ttl,
 * `staleWhileRevalidate` does the same with fewer loads.
 *
 * @throws ConfigError for an `at` that is no share.
 * @example
 * ```ts
 * const rates = createCache({ ttl: '10m', read: refreshAhead({ at: 0.9 }) })
 * await rates.getOrSet('EUR', () => 1.1) // 1.1
 * ```
 */
export function refreshAhead({ at = 0.8 }: RefreshAheadOptions = {}): ReadStrategy {
  if (typeof at !== 'number' || !(at > 0 && at < 1)) throw new ConfigError([{ option: 'refreshAhead.at', rule: 'a number above 0 and below 1', value: at }])
  return { name: 'refreshAhead', onHit: ({ ageMs, ttlMs }) => (ageMs >= at * ttlMs ? 'refresh' : 'serve') }
}
