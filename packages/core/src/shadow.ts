import { withDeadline } from './deadline.ts'
import type { Engine } from './engine.ts'
import { LoadTimeoutError, warn } from './error.ts'
import { type Loader, loadedParts } from './loader.ts'
import type { ResolvedLoadOptions, ResolvedShadow } from './options.ts'
import type { Located, Reader } from './read.ts'
import type { Scope } from './scope.ts'

/**
 * Answers some reads from the source although the cache has a value, and compares the two. A value that differs is only held
 * against the cache if it is still what would be served a while later: until then it may have been the source that was ahead,
 * its invalidation on the way.
 */
export class Shadow {
  readonly #engine: Engine
  readonly #reader: Reader
  readonly #options: ResolvedShadow

  constructor(engine: Engine, reader: Reader, options: ResolvedShadow) {
    this.#engine = engine
    this.#reader = reader
    this.#options = options
  }

  /** Whether a read is one of the sample. */
  get isChosen(): boolean {
    return this.#engine.random() < this.#options.sample
  }

  /** As `getOrSet`. Where the source fails, what the cache has is served. */
  async getOrSet(scope: Scope, key: string, loader: Loader<unknown>, options: ResolvedLoadOptions): Promise<unknown> {
    const found = await this.#reader.find(scope, key)
    if (found === undefined) return this.#reader.getOrSet(scope, key, loader, options)
    const counters = this.#engine.counters.shadow
    let source: unknown
    try {
      source = await this.#load(key, loader, options, found.entry.value)
    } catch (error) {
      if (options.signal?.aborted) throw error
      counters.failed++
      return found.entry.value
    }
    counters.compared++
    if (!this.#areEqual(found.entry.value, source)) this.#lookAgain(scope, key, found)
    return source
  }

  /** What compares may fail; who reads is not to notice. */
  #areEqual(cached: unknown, source: unknown): boolean {
    try {
      return this.#options.equals(cached, source)
    } catch (error) {
      warn('shadow.equals', error)
      return true
    }
  }

  async #load(key: string, loader: Loader<unknown>, { hardTimeout, signal }: ResolvedLoadOptions, cached: unknown): Promise<unknown> {
    const controller = new AbortController()
    const left = Promise.withResolvers<never>()
    const leave = (): void => {
      controller.abort(signal!.reason)
      left.reject(signal!.reason)
    }
    if (signal?.aborted) throw signal.reason
    signal?.addEventListener('abort', leave, { once: true })
    const late = (): Error => {
      const error = new LoadTimeoutError(key, hardTimeout)
      controller.abort(error)
      return error
    }
    const answer = (async () => loader({ key, signal: controller.signal }))()
    const loaded = Promise.race([withDeadline(this.#engine.clock, hardTimeout, answer, late), left.promise])
    const parts = loadedParts(await loaded.finally(() => signal?.removeEventListener('abort', leave)))
    return parts.kind === 'notModified' ? cached : parts.value
  }

  #lookAgain(scope: Scope, key: string, { entry, tier }: Located): void {
    const engine = this.#engine
    const ageMs = engine.sharedNow() - entry.storedAt
    engine.clock.setTimeout(() => {
      if (engine.closed) return
      void this.#reader.find(scope, key).then((now) => {
        if (now?.entry.asOf !== entry.asOf) return
        engine.counters.shadow.mismatched++
        engine.emitter.emit('mismatch', { key, tier, ageMs })
      })
    }, this.#options.grace)
  }
}
