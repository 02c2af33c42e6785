import type { Codec } from './codec.ts'
import type { Engine } from './engine.ts'
import { type Entry, lifetime, retainedUntil } from './entry.ts'
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
  readonly #codec: Codec | undefined

  constructor(engine: Engine, codec: Codec | undefined) {
    this.#engine = engine
    this.#codec = codec
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
    const result = engine.link === undefined ? this.#keepLocally(scope, key, draft) : await this.#share(scope, key, draft)
    engine.counters[result.status]++
    engine.emitter.emit('set', { key, status: result.status })
    return result
  }

  #keepLocally(scope: Scope, key: string, draft: Entry): WriteResult {
    const engine = this.#engine
    const stored = engine.recall(scope, key)?.version
    if (draft.version !== undefined && stored !== undefined && stored >= draft.version) return { status: 'superseded' }
    const asOf = engine.nextStamp()
    scope.flights.fence(key, asOf)
    engine.keep(scope, key, { ...draft, asOf }, engine.since(), false)
    return { status: 'stored' }
  }

  async #share(scope: Scope, key: string, draft: Entry): Promise<WriteResult> {
    const engine = this.#engine
    const link = engine.link!
    const qualified = scope.qualify(key)
    const entry = this.#codec!.encode(draft)
    const tags = [...scope.paths, ...draft.tags.map((tag) => scope.qualify(tag))]
    const ttlMs = Math.ceil(retainedUntil(draft) - draft.storedAt)
    const since = engine.since()
    try {
      const reply = await link.write({ key: qualified, entry, tags, ttlMs, version: draft.version, source: link.source })
      if (reply.status === 'stored') engine.keep(scope, key, { ...draft, asOf: reply.stamp }, since, false)
      else scope.view?.remove(key, 'replaced')
      return { status: reply.status }
    } catch {
      await engine.invalidate([qualified], [], false)
      engine.keep(scope, key, { ...draft, asOf: link.seen }, since, true)
      return { status: 'queued' }
    }
  }
}
