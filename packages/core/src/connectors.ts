import type { Engine, SharedEnd } from './engine.ts'
import type { TierExplanation } from './explanation.ts'
import type { Journal } from './journal.ts'
import type { PermitOffice } from './permit.ts'
import type { Scope } from './scope.ts'
import type { LinkOptions } from './shared-link.ts'
import type { SharedReader } from './shared-read.ts'
import type { SharedWriter } from './shared-write.ts'
import type { SharedTier } from './tier.ts'

/** What a cache does with a shared tier beyond hearing of invalidations. */
export interface SharedAccess {
  readonly reader: SharedReader
  readonly permits: PermitOffice
  readonly writer: SharedWriter
  explain(scope: Scope, key: string): Promise<TierExplanation>
  /** `undefined` where the tier keeps none. */
  readonly journal: Journal | undefined
}

/** An open shared tier. */
export interface SharedConnection extends SharedEnd {
  attach(engine: Engine): SharedAccess
}

type Connector = (options: LinkOptions) => SharedConnection

/**
 * How the shared tiers of this process are opened. A registry, so that a cache without a shared tier does not load
 * what only those with one need.
 */
const connectors = new WeakMap<SharedTier, Connector>()

export function registerConnector(tier: SharedTier, connector: Connector): void {
  connectors.set(tier, connector)
}

/** `undefined` for an object that was not made by `sharedTier` of this copy of the package. */
export function connectorOf(tier: SharedTier): Connector | undefined {
  return connectors.get(tier)
}
