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

/** One for all: they say the same every time, and a promise of its own is a good part of what a set in memory costs. */
const ANSWERS: Readonly<Record<WriteResult['status'], Promise<WriteResult>>> = {
  stored: Promise.resolve(Object.freeze({ status: 'stored' })),
  superseded: Promise.resolve(Object.freeze({ status: 'superseded' })),
  queued: Promise.resolve(Object.freeze({ status: 'queued' })),
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
  set(scope: Scope, key: string, value: unknown, options: ResolvedLoadOptions): Promise<WriteResult> {
    const engine = this.#engine
    engine.assertOpen()
    assertWellFormed(key, 'key')
    if (value === undefined && options.negativeTtl === undefined) {
      throw new ConfigError([{ option: 'value', rule: 'defined, unless negativeTtl is given', value }])
    }
    const now = engine.sharedNow()
    const lengths = value === undefined ? { ...options, ttl: options.negativeTtl!, staleWhileRevalidate: 0, staleIfError: 0 } : options
    const { freshUntil, staleFor, errorFor } = lifetime(lengths, now, engine.random)
    const { tags, version } = options
    // Field by field: to spread objects here takes longer than the map that the entry goes into.
    const draft: Entry = { value, asOf: this.#shared === undefined ? engine.nextStamp() : 0, storedAt: now, freshUntil, staleFor, errorFor, loadMs: 0, tags, version }
    if (this.#shared === undefined) return this.#done(key, this.#keepLocally(scope, key, draft))
    return this.#shared.writer.write(scope, key, draft).then((status) => this.#done(key, status))
  }

  #keepLocally(scope: Scope, key: string, draft: Entry): WriteResult['status'] {
    const engine = this.#engine
    const stored = draft.version === undefined ? undefined : engine.recall(scope, key)?.version
    if (stored !== undefined && stored >= draft.version!) return 'superseded'
    scope.flights.fence(key, draft.asOf)
    engine.keep(scope, key, draft, engine.since(), false)
    return 'stored'
  }

  #done(key: string, status: WriteResult['status']): Promise<WriteResult> {
    const { counters, emitter } = this.#engine
    counters.writes[status]++
    if (emitter.hears('set')) emitter.emit('set', { key, status })
    return ANSWERS[status]
  }
}
