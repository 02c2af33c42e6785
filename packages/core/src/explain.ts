import type { Engine } from './engine.ts'
import { classify, type Entry, type Freshness, servesStale } from './entry.ts'
import type { Scope } from './scope.ts'
import type { SharedReader } from './shared-read.ts'

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

const INVALIDATED = 'one of its tags was invalidated later'

/** Looks at a key in every tier without counting as a use of it. */
export async function explain(engine: Engine, scope: Scope, key: string, reader: SharedReader | undefined): Promise<Explanation> {
  const tiers: TierExplanation[] = []
  if (engine.memory !== undefined) tiers.push(explainMemory(engine, scope, key))
  if (reader !== undefined) tiers.push(await explainShared(engine, scope, key, reader))
  return {
    key,
    qualified: scope.qualify(key),
    inStep: engine.link?.inStep ?? true,
    pending: engine.isPending(scope, key, []),
    loading: scope.flights.joinable(key, engine.tags.epoch, false) !== undefined,
    tiers,
  }
}

function explainMemory(engine: Engine, scope: Scope, key: string): TierExplanation {
  const tier = engine.memoryName
  const slot = scope.view?.slots.get(key)
  if (slot === undefined) return { tier, state: 'absent', because: 'no entry' }
  const entry = engine.memory!.entry(slot, engine.offset)
  const details = describe(engine, scope, entry)
  if (engine.clock.now() >= engine.trustUntil && !engine.memory!.isUnsynced(slot)) {
    return { tier, ...details, state: 'distrusted', because: 'no word from the log for longer than maxUnsynced' }
  }
  const judgement = engine.judge(scope, entry.tags, entry.asOf)
  if (judgement === 'invalid') return { tier, ...details, state: 'invalid', because: INVALIDATED }
  if (judgement !== 'valid') return { tier, ...details, state: 'stale', because: 'one of its tags was expired later' }
  return { tier, ...details, ...freshness(engine, entry) }
}

async function explainShared(engine: Engine, scope: Scope, key: string, reader: SharedReader): Promise<TierExplanation> {
  const tier = engine.link!.name
  const found = await reader.find(scope, key)
  if (found.kind === 'away') return { tier, state: 'away', because: 'the tier does not answer' }
  const lease = await engine.link!.inspect(scope.qualify(key)).then(
    (state) => state.lease,
    () => undefined,
  )
  if (found.kind === 'none') {
    return found.invalid
      ? { tier, lease, asOf: found.seen, state: 'invalid', because: `${INVALIDATED}, or its record is lost` }
      : { tier, lease, state: 'absent', because: 'no entry' }
  }
  return { tier, lease, ...describe(engine, scope, found.entry), ...freshness(engine, found.entry) }
}

function freshness(engine: Engine, entry: Entry): Pick<TierExplanation, 'state' | 'because'> {
  const state = classify(entry, engine.sharedNow())
  if (state === 'fresh') return { state, because: 'served: fresh, and no tag is newer' }
  if (state === 'expired') return { state, because: 'past its ttl and its stale windows' }
  const isServed = servesStale(entry, engine.sharedNow())
  return { state, because: isServed ? 'served while it is refreshed (staleWhileRevalidate)' : 'served only if the load fails (staleIfError)' }
}

function describe(engine: Engine, scope: Scope, entry: Entry): Pick<TierExplanation, 'ageMs' | 'freshForMs' | 'asOf' | 'tags'> {
  const now = engine.sharedNow()
  const paths = scope.paths.map((path) => ({ tag: path, ...engine.tags.path(path) }))
  const tags = entry.tags.map((tag) => ({ tag, ...engine.tags.bound(scope.qualify(tag)) }))
  return { ageMs: now - entry.storedAt, freshForMs: entry.freshUntil - now, asOf: entry.asOf, tags: [...paths, ...tags] }
}
