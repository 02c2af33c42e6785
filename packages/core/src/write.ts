import type { SharedAccess } from './connectors.ts'
import type { Engine } from './engine.ts'
import { type Entry, lifetime } from './entry.ts'
import { ConfigError } from './error.ts'
import { assertWellFormed } from './key.ts'
import type { ResolvedLoadOptions } from './options.ts'
import type { Scope } from './scope.ts'

/**
 * - `stored`: other processes' copies are gone, and every later read returns this value or a newer one.
 * - `superseded`: an equal or newer `version` is stored; nothing changed.
 * - `queued`: the shared tier is away. Copies elsewhere are dropped when it is back; the value itself is kept by
 *   this process alone, for `unsyncedTtl`: sent later, it could overwrite a newer one.
 */
export interface WriteResult {
  readonly status: 'stored' | 'superseded' | 'queued'
}

/** Explicit writes (rule 9): ordered by the shared tier, they overtake every load that began before. */
export class Writer {
  readonly #engine: Engine
  readonly #shared: SharedAccess | undefined

  constructor(engine: Engine, shared: SharedAccess | undefined) {
    this.#engine = engine
    this.#shared = shared
  }

  /** @throws SerializationError when the value cannot be stored in the shared tier. */
  async set(scope: Scope, key: string, value: unknown, options: ResolvedLoadOptions): Promise<WriteResult> {
    const engine = this.#engine
    engine.assertOpen()
    assertWellFormed(key, 'key')
    if (value === undefined && options.negativeTtl === undefined) {
      throw new ConfigError([{ option: 'value', rule: 'defined, unless negativeTtl is given', value }])
    }
    const now = engine.sharedNow()
    const lengths = value === undefined ? { ...options, ttl: options.negativeTtl!, staleWhileRevalidate: 0, staleIfError: 0 } : options
    const draft: Entry = {
      ...lifetime(lengths, now, engine.random),
      value,
      asOf: 0,
      storedAt: now,
      loadMs: 0,
      tags: options.tags,
      version: options.version,
    }
    const status = this.#shared === undefined ? this.#keepLocally(scope, key, draft) : await this.#shared.writer.write(scope, key, draft)
    engine.counters.writes[status]++
    engine.emitter.emit('set', { key, status })
    return { status }
  }

  #keepLocally(scope: Scope, key: string, draft: Entry): WriteResult['status'] {
    const engine = this.#engine
    const stored = draft.version === undefined ? undefined : engine.recall(scope, key)?.version
    if (stored !== undefined && stored >= draft.version!) return 'superseded'
    const asOf = engine.nextStamp()
    scope.flights.fence(key, asOf)
    engine.keep(scope, key, { ...draft, asOf }, engine.since(), false)
    return 'stored'
  }
}
