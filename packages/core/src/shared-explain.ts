import type { Engine } from './engine.ts'
import { describe, freshness, INVALIDATED, type TierExplanation } from './explanation.ts'
import type { Scope } from './scope.ts'
import { type SharedReader, UNREADABLE } from './shared-read.ts'

/** What the shared tier has of a key, and what a read makes of it. */
export async function explainShared(engine: Engine, scope: Scope, key: string, reader: SharedReader): Promise<TierExplanation> {
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
      : { tier, lease, state: 'absent', because: found === UNREADABLE ? 'what is stored is damaged, or of another serializer, or encrypted otherwise' : 'no entry' }
  }
  return { tier, lease, ...describe(engine, scope, found.entry), ...freshness(engine, found.entry) }
}
