import type { SharedAccess } from './connectors.ts'
import type { Engine } from './engine.ts'
import { describe, type Explanation, freshness, INVALIDATED, type TierExplanation } from './explanation.ts'
import type { Scope } from './scope.ts'

/** Looks at a key in every tier without counting as a use of it. */
export async function explain(engine: Engine, scope: Scope, key: string, shared: SharedAccess | undefined): Promise<Explanation> {
  const tiers: TierExplanation[] = []
  if (engine.memory !== undefined) tiers.push(explainMemory(engine, scope, key))
  if (shared !== undefined) tiers.push(await shared.explain(scope, key))
  return {
    key,
    qualified: scope.qualify(key),
    inStep: engine.link?.inStep ?? true,
    pending: engine.link?.isPending(scope, key, []) ?? false,
    loading: scope.flights.joinable(key, engine.tags.epoch, false, 0) !== undefined,
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
    return { tier, ...details, state: 'distrusted', because: 'no word from the log for maxUnsynced' }
  }
  const judgement = engine.judge(scope, entry.tags, entry.asOf)
  if (judgement === 'invalid') return { tier, ...details, state: 'invalid', because: INVALIDATED }
  if (judgement !== 'valid') return { tier, ...details, state: 'stale', because: 'one of its tags was expired later' }
  return { tier, ...details, ...freshness(engine, entry) }
}
