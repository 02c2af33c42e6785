import type { SharedAccess } from './connectors.ts'
import type { Engine } from './engine.ts'
import { classify, type Entry, servesStale } from './entry.ts'
import { assertWellFormed } from './key.ts'
import { Loading } from './load.ts'
import type { Loader } from './loader.ts'
import type { ResolvedLoadOptions } from './options.ts'
import type { Scope } from './scope.ts'
import type { SharedReader } from './shared-read.ts'
import type { Flight } from './single-flight.ts'

/** A servable entry, and where it was. */
export interface Located {
  readonly entry: Entry
  readonly tier: string
}

/** Reads that memory cannot answer at once. The memory hit itself is in cache.ts. */
export class Reader {
  readonly #engine: Engine
  readonly #loading: Loading
  readonly #shared: SharedReader | undefined

  constructor(engine: Engine, shared: SharedAccess | undefined) {
    this.#engine = engine
    this.#shared = shared?.reader
    this.#loading = new Loading(engine, shared)
  }

  /** The value under a key: from a tier, from a load that is under way, or from a new load. */
  getOrSet(scope: Scope, key: string, loader: Loader<unknown>, options: ResolvedLoadOptions): Promise<unknown> {
    const engine = this.#engine
    engine.assertOpen()
    assertWellFormed(key, 'key')
    const entry = engine.recall(scope, key)
    if (entry !== undefined && !options.refresh) {
      const now = engine.sharedNow()
      if (classify(entry, now) === 'fresh') return this.#serveFresh(scope, entry, loader, options, key)
      if (servesStale(entry, now)) {
        engine.memoryCounters.stale++
        engine.countStale(key, 'revalidate')
        this.#inBackground(scope, key, loader, options, entry)
        return Promise.resolve(entry.value)
      }
    }
    if (entry === undefined) engine.memoryCounters.miss++
    return this.#wait(this.#join(scope, key, loader, options, entry, true), options)
  }

  /** A value that some tier has and that may be served without waiting: fresh, or within staleWhileRevalidate. */
  async get(scope: Scope, key: string): Promise<Entry | undefined> {
    const engine = this.#engine
    engine.assertOpen()
    assertWellFormed(key, 'key')
    const entry = this.getSync(scope, key)
    if (entry !== undefined) return entry
    engine.memoryCounters.miss++
    const below = await this.#getBelow(scope, key)
    if (below === undefined) {
      engine.countMiss(key)
      return undefined
    }
    this.#count(key, below.entry, below.tier)
    return below.entry
  }

  getSync(scope: Scope, key: string): Entry | undefined {
    const engine = this.#engine
    const entry = engine.recall(scope, key)
    if (entry === undefined || !this.#isServable(entry)) return undefined
    this.#count(key, entry, engine.memoryName)
    engine.memoryCounters[classify(entry, engine.sharedNow()) === 'fresh' ? 'hit' : 'stale']++
    return entry
  }

  /** As `get`, which counts. Never rejects. */
  async find(scope: Scope, key: string): Promise<Located | undefined> {
    const entry = this.#engine.recall(scope, key)
    if (entry !== undefined && this.#isServable(entry)) return { entry, tier: this.#engine.memoryName }
    return this.#getBelow(scope, key)
  }

  async #getBelow(scope: Scope, key: string): Promise<Located | undefined> {
    const engine = this.#engine
    const since = engine.since()
    if (!engine.stack.empty && engine.clock.now() < engine.trustUntil) {
      const accept = (entry: Entry): Entry | undefined =>
        this.#isServable(entry) && engine.judge(scope, entry.tags, entry.asOf) === 'valid' ? entry : undefined
      const local = await engine.stack.read(scope.qualify(key), engine.sharedNow(), accept)
      if (local !== undefined) {
        engine.keep(scope, key, local.entry, since, false)
        return local
      }
    }
    const found = await this.#shared?.find(scope, key)
    if (found?.kind === 'none' && found.invalid) engine.link!.discard(scope.qualify(key), found.seen)
    if (found?.kind !== 'entry' || !this.#isServable(found.entry)) return undefined
    engine.keep(scope, key, found.entry, since, false)
    return { entry: found.entry, tier: engine.link!.name }
  }

  #isServable(entry: Entry): boolean {
    const now = this.#engine.sharedNow()
    return now < entry.freshUntil || servesStale(entry, now)
  }

  #count(key: string, entry: Entry, tier: string): void {
    const engine = this.#engine
    if (classify(entry, engine.sharedNow()) === 'fresh') engine.countHit(key, tier)
    else engine.countStale(key, 'revalidate')
  }

  #serveFresh(scope: Scope, entry: Entry, loader: Loader<unknown>, options: ResolvedLoadOptions, key: string): Promise<unknown> {
    const engine = this.#engine
    engine.memoryCounters.hit++
    this.#count(key, entry, engine.memoryName)
    if (engine.isDue(entry, options.read)) this.#inBackground(scope, key, loader, options, entry)
    return Promise.resolve(entry.value)
  }

  #inBackground(scope: Scope, key: string, loader: Loader<unknown>, options: ResolvedLoadOptions, previous: Entry): void {
    const flight = this.#join(scope, key, loader, options, previous, false)
    // Its error is an event; nobody waits for it.
    flight.answer.catch(() => {})
  }

  #join(scope: Scope, key: string, loader: Loader<unknown>, options: ResolvedLoadOptions, previous: Entry | undefined, isAwaited: boolean): Flight {
    const { tags: { epoch }, settings, trustUntil } = this.#engine
    const now = this.#engine.coarse.now()
    // Out of contact, a flight is like an entry of memory: older than maxUnsynced it is nothing to rely on (rule 7).
    const joined = scope.flights.joinable(key, epoch, options.refresh, now < trustUntil ? 0 : now - settings.maxUnsynced)
    const flight = joined ?? scope.flights.open(key, epoch, options.refresh, now)
    if (isAwaited && flight.enter() > 1) this.#engine.counters.requests.coalesced++
    if (joined !== undefined) return joined
    flight.previous = previous
    this.#loading.run(flight, scope, loader, options)
    return flight
  }

  #wait(flight: Flight, { signal }: ResolvedLoadOptions): Promise<unknown> {
    const { answer } = flight
    if (signal === undefined) return answer
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        flight.leave(signal.reason)
        reject(signal.reason as Error)
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      answer.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject)
    })
  }
}
