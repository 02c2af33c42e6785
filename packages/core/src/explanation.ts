import type { Engine } from './engine.ts'
import { classify, type Entry, type Freshness, servesStale } from './entry.ts'
import type { Scope } from './scope.ts'

/** Why a read of a key would be answered as it would. Holds no value. */
export interface Explanation {
  readonly key: string
  /** The key as the shared tier knows it. */
  readonly qualified: string
  readonly inStep: boolean
  /** Whether an invalidation of the key or its tags waits for the shared tier. */
  readonly pending: boolean
  readonly loading: boolean
  readonly tiers: readonly TierExplanation[]
}

export interface TierExplanation {
  readonly tier: string
  readonly state: Freshness | 'absent' | 'invalid' | 'away' | 'distrusted'
  /** In words, what a read makes of it. */
  readonly because: string
  readonly ageMs?: number
  /** Negative when it has passed. */
  readonly freshForMs?: number
  readonly asOf?: number
  /** The stamps of the entry's tags and namespaces as this process knows them. */
  readonly tags?: readonly { readonly tag: string; readonly hard: number; readonly soft: number }[]
  /** The process that holds the key's lease. */
  readonly lease?: string | undefined
}

export const INVALIDATED = 'one of its tags was invalidated later'

/** What a read makes of an entry's age. */
export function freshness(engine: Engine, entry: Entry): Pick<TierExplanation, 'state' | 'because'> {
  const state = classify(entry, engine.sharedNow())
  if (state === 'fresh') return { state, because: 'served: fresh, and no tag is newer' }
  if (state === 'expired') return { state, because: 'past its stale windows' }
  const isServed = servesStale(entry, engine.sharedNow())
  return { state, because: isServed ? 'served by staleWhileRevalidate' : 'served only by staleIfError' }
}

export function describe(engine: Engine, scope: Scope, entry: Entry): Pick<TierExplanation, 'ageMs' | 'freshForMs' | 'asOf' | 'tags'> {
  const now = engine.sharedNow()
  const paths = scope.paths.map((path) => ({ tag: path, ...engine.tags.path(path) }))
  const tags = entry.tags.map((tag) => ({ tag, ...engine.tags.bound(scope.qualifyTag(tag)) }))
  return { ageMs: now - entry.storedAt, freshForMs: entry.freshUntil - now, asOf: entry.asOf, tags: [...paths, ...tags] }
}
