import { ConfigError, type ReadStrategy } from '@stratacache/core'
import { factor, object, type ReadKind } from '@stratacache/core/config'

export interface RefreshCostlyOptions {
  /** How many times as long as its load took an entry is refreshed before its end. Default 20. */
  readonly lead?: number | undefined
}

/**
 * A hit refreshes an entry the earlier the longer its load took: with a lead of 20, what took 3 s is refreshed in the last minute
 * of its life, and what took 5 ms in its last 100 ms.
 */
export function refreshCostly({ lead = 20 }: RefreshCostlyOptions = {}): ReadStrategy {
  if (!(lead > 0)) throw new ConfigError([{ option: 'refreshCostly.lead', rule: 'a number above 0', value: lead }])
  return { name: 'refreshCostly', onHit: ({ ageMs, ttlMs, loadMs }) => (ttlMs - ageMs <= lead * loadMs ? 'refresh' : 'serve') }
}

/** The same for a configuration: `read: { use: refreshCostly, lead: 50 }`. */
export const refreshCostlyKind: ReadKind<RefreshCostlyOptions, 'refreshCostly'> = {
  kind: 'read',
  use: 'refreshCostly',
  options: object({ lead: factor({ default: 20, description: 'How many times as long as its load took an entry is refreshed before its end.' }) }),
  create: refreshCostly,
}
