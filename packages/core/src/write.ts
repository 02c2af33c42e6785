import type { SharedAccess } from './connectors.ts'
import type { Engine, Since } from './engine.ts'
import { type Entry, lifetime } from './entry.ts'
import { ConfigError } from './error.ts'
import { assertWellFormed } from './key.ts'
import { loadedParts } from './loader.ts'
import { mergeLoadOptions, type ResolvedLoadOptions } from './options.ts'
import type { Scope } from './scope.ts'
import type { WriteLease } from './shared-write.ts'

/**
 * - `stored`: other processes' copies are gone, and every later read returns this value or a newer one.
 * - `superseded`: an equal or newer `version` is stored; nothing changed.
 * - `queued`: the shared tier is away. Copies elsewhere are dropped when it is back; the value itself is kept by
 *   this process alone, for `unsyncedTtl`: sent later, it could overwrite a newer one.
 * - `refused`: the cache is `readOnly`. What was stored under the key is invalidated.
 */
export interface WriteResult {
  readonly status: 'stored' | 'superseded' | 'queued' | 'refused'
}

/** One for all: they say the same every time, and a promise of its own is a good part of what a set in memory costs. */
const ANSWERS: Readonly<Record<WriteResult['status'], Promise<WriteResult>>> = {
  stored: Promise.resolve(Object.freeze({ status: 'stored' })),
  superseded: Promise.resolve(Object.freeze({ status: 'superseded' })),
  queued: Promise.resolve(Object.freeze({ status: 'queued' })),
  refused: Promise.resolve(Object.freeze({ status: 'refused' })),
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
    if (engine.settings.readOnly) return engine.invalidate([scope.qualify(key)], [], false).then(() => this.#done(key, 'refused'))
    const draft = this.#draft(value, this.#shared === undefined ? engine.nextStamp() : 0, options)
    if (this.#shared === undefined) return this.#done(key, this.#keepLocally(scope, key, draft))
    return this.#shared.writer.write(scope, key, draft).then((status) => this.#done(key, status))
  }

  /**
   * Caches what a write to the source resolves to, as of before it began: what is written or invalidated meanwhile, by
   * anybody, is newer, and then the key is invalidated. So it is where the shared tier is away.
   *
   * @throws what the write throws; the cache is as it was.
   */
  async setAfter(scope: Scope, key: string, write: () => Promise<unknown>, options: ResolvedLoadOptions): Promise<void> {
    const engine = this.#engine
    engine.assertOpen()
    assertWellFormed(key, 'key')
    const since = engine.since()
    const { readOnly } = engine.settings
    const lease = readOnly ? undefined : await this.#shared?.writer.begin(scope, key)
    const asOf = lease?.asOf ?? engine.nextStamp()
    let answer: unknown
    try {
      answer = await write()
    } catch (error) {
      if (lease !== undefined) this.#shared!.writer.giveUp(scope, key, lease)
      throw error
    }
    let isSettled = false
    try {
      const draft = readOnly ? undefined : this.#outcome(answer, asOf, options)
      if (draft !== undefined) isSettled = await this.#store(scope, key, draft, lease, since)
    } finally {
      if (!isSettled) await engine.invalidate([scope.qualify(key)], [], false)
    }
  }

  /** Says whether the cache is right now. */
  async #store(scope: Scope, key: string, draft: Entry, lease: WriteLease | undefined, since: Since): Promise<boolean> {
    if (this.#shared === undefined) {
      void this.#done(key, this.#replaceLocally(scope, key, draft, since))
      return true
    }
    if (lease === undefined) return false
    const outcome = await this.#shared.writer.finish(scope, key, lease, draft, since)
    if (outcome !== 'refused') void this.#done(key, outcome)
    return outcome !== 'refused'
  }

  /** `undefined` where nothing is to be kept. */
  #outcome(answer: unknown, asOf: number, options: ResolvedLoadOptions): Entry | undefined {
    const parts = loadedParts(answer)
    if (parts.kind !== 'entry') return undefined
    const resolved = mergeLoadOptions(options, parts.options)
    return parts.value === undefined && resolved.negativeTtl === undefined ? undefined : this.#draft(parts.value, asOf, resolved)
  }

  #draft(value: unknown, asOf: number, options: ResolvedLoadOptions): Entry {
    const engine = this.#engine
    const now = engine.sharedNow()
    const lengths = value === undefined ? { ...options, ttl: options.negativeTtl!, staleWhileRevalidate: 0, staleIfError: 0 } : options
    const { freshUntil, staleFor, errorFor } = lifetime(lengths, now, engine.random)
    const { tags, version } = options
    // Field by field: to spread objects here takes longer than the map that the entry goes into.
    return { value, asOf, storedAt: now, freshUntil, staleFor, errorFor, loadMs: 0, tags, version }
  }

  #keepLocally(scope: Scope, key: string, draft: Entry): WriteResult['status'] {
    const engine = this.#engine
    if (this.#isSuperseded(scope, key, draft)) return 'superseded'
    scope.flights.fence(key, draft.asOf)
    engine.keep(scope, key, draft, engine.since(), false)
    return 'stored'
  }

  #replaceLocally(scope: Scope, key: string, draft: Entry, since: Since): WriteResult['status'] {
    if (this.#isSuperseded(scope, key, draft)) return 'superseded'
    this.#engine.overtake(scope, key, draft.asOf)
    this.#engine.keep(scope, key, draft, since, false)
    return 'stored'
  }

  #isSuperseded(scope: Scope, key: string, { version }: Entry): boolean {
    const stored = version === undefined ? undefined : this.#engine.recall(scope, key)?.version
    return stored !== undefined && stored >= version!
  }

  #done(key: string, status: WriteResult['status']): Promise<WriteResult> {
    const { counters, emitter } = this.#engine
    counters.writes[status]++
    if (emitter.hears('set')) emitter.emit('set', { key, status })
    return ANSWERS[status]
  }
}
