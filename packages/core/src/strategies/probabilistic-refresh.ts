import { ConfigError } from '../error.ts'
import type { ReadStrategy } from '../read-strategy.ts'

export interface ProbabilisticRefreshOptions {
  /** How early: above 1 earlier than what is optimal where loads take about as long as the last one, below 1 later. Default 1. */
  readonly beta?: number | undefined
}

/**
 * A hit loads an entry anew, in the background, with a probability that rises as the entry's end comes nearer, from about as
 * long before it as a load takes: XFetch (Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede
 * Prevention", VLDB 2015). The more an entry is read, and the longer it takes to load, the earlier it is refreshed.
 *
 * Use it where entries are of very different cost, so that no one share of the ttl (`refreshAhead`) fits all.
 *
 * @throws ConfigError for a `beta` that is no positive number.
 * @example
 * ```ts
 * const reports = createCache({ ttl: '10m', read: probabilisticRefresh() })
 * await reports.getOrSet('sales', () => 42) // 42
 * ```
 */
export function probabilisticRefresh({ beta = 1 }: ProbabilisticRefreshOptions = {}): ReadStrategy {
  if (typeof beta !== 'number' || !(beta > 0 && beta < Infinity)) throw new ConfigError([{ option: 'probabilisticRefresh.beta', rule: 'a finite number above 0', value: beta }])
  return {
    name: 'probabilisticRefresh',
    // Of random numbers from 0 up to, but not including, 1: the logarithm of 0 is not one.
    onHit: ({ ageMs, ttlMs, loadMs }, random) => (ageMs - beta * loadMs * Math.log(1 - random()) >= ttlMs ? 'refresh' : 'serve'),
  }
}
