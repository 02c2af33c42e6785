import type { TimerHandle } from './clock.ts'
import type { SharedAccess } from './connectors.ts'
import { loadChannel, type LoadMessage, traced } from './diagnostics.ts'
import type { Engine, Since } from './engine.ts'
import { classify, type Entry, lifetime, servesOnError, servesStale } from './entry.ts'
import { CacheError, LoadTimeoutError } from './error.ts'
import type { StaleReason } from './events.ts'
import { type LoadContext, type LoadedParts, type Loader, loadedParts } from './loader.ts'
import { mergeLoadOptions, type ResolvedLoadOptions } from './options.ts'
import type { Permit } from './permit.ts'
import type { Scope } from './scope.ts'
import type { Found, Seeker } from './shared-read.ts'
import type { Flight } from './single-flight.ts'

/** One flight's way: the tiers below memory, the lease, the loader, the fill. */
export class Loading {
  readonly #engine: Engine
  readonly #shared: SharedAccess | undefined

  constructor(engine: Engine, shared: SharedAccess | undefined) {
    this.#engine = engine
    this.#shared = shared
  }

  /** Answers the flight, and ends it when there is nothing left to do. Never throws. */
  run(flight: Flight, scope: Scope, loader: Loader<unknown>, options: ResolvedLoadOptions): void {
    const errand = new Errand(this, flight, scope, loader, options, this.#engine.since())
    if (flight.refresh || this.#engine.stack.empty || this.#engine.coarse.now() >= this.#engine.trustUntil) this.#lookUp(errand)
    else void this.#findLocally(errand).then((isFresh) => (isFresh ? scope.flights.end(flight) : this.#lookUp(errand)))
  }

  #lookUp(errand: Errand): void {
    if (this.#shared === undefined) this.proceed(errand, NOTHING)
    else this.#shared.reader.lookUp(errand.scope, errand.flight.key, errand)
  }

  /** The local tiers below memory. Never rejects. */
  async #findLocally(errand: Errand): Promise<boolean> {
    const { flight, scope } = errand
    const { stack } = this.#engine
    const local = await stack.read(scope.qualify(flight.key), this.#engine.sharedNow(), (entry) => this.#accept(scope, entry))
    return local !== undefined && this.#offer(errand, local.entry, local.tier)
  }

  /** @internal The shared tier has answered. */
  proceed(errand: Errand, found: Found): void {
    const { flight, scope, loader, options, since } = errand
    if (found.kind === 'entry' && this.#offer(errand, found.entry, this.#engine.link!.name)) return scope.flights.end(flight)
    void this.#load(flight, scope, loader, options, found, since).finally(() => scope.flights.end(flight))
  }

  /** An entry from a tier below memory. Says whether it answers the flight for good. */
  #offer({ flight, scope, options, since }: Errand, entry: Entry, tier: string): boolean {
    const engine = this.#engine
    const now = engine.sharedNow()
    const freshness = classify(entry, now)
    if (freshness === 'expired') return false
    engine.keep(scope, flight.key, entry, since, false)
    if (freshness === 'fresh' && !flight.refresh) {
      if (!flight.settled && flight.isAwaited) engine.countHit(flight.key, tier)
      if (!flight.settled) flight.resolve(entry.value)
      if (!this.#isDue(flight, entry, options)) return true
    }
    flight.previous = entry
    if (!flight.refresh && !flight.settled && servesStale(entry, now)) this.#serveStale(flight, entry, 'revalidate')
    return false
  }

  /** What a read strategy has decided of an entry in memory stands for the same entry further below. */
  #isDue({ previous }: Flight, entry: Entry, { read }: ResolvedLoadOptions): boolean {
    if (previous !== undefined && previous.asOf >= entry.asOf && classify(previous, this.#engine.sharedNow()) === 'fresh') return true
    return this.#engine.isDue(entry, read)
  }

  async #load(flight: Flight, scope: Scope, loader: Loader<unknown>, options: ResolvedLoadOptions, found: Found, since: Since): Promise<void> {
    const engine = this.#engine
    if (!flight.settled && flight.isAwaited) engine.countMiss(flight.key)
    flight.timers = this.#startTimers(flight, scope, options)
    let permit: Permit | undefined
    try {
      permit = await this.#permit(flight, scope, found, options)
      if (flight.aborted) return this.#giveBack(scope, flight, permit)
      if (permit.kind === 'filled') return this.#takeOver(flight, scope, permit.entry, since)
      flight.asOf = permit.asOf
      // What it has answered with, if it has, is older than the load.
      if (!flight.settled) flight.epoch = engine.tags.epoch
      const begun = engine.clock.now()
      const parts = loadedParts(await this.#callLoader(flight, scope, loader))
      const loadMs = engine.clock.now() - begun
      if (flight.aborted) return this.#giveBack(scope, flight, permit)
      const entry = this.#entry(flight, parts, options, permit, loadMs)
      const value = parts.kind === 'notModified' ? flight.previous!.value : parts.value
      if (entry === undefined) scope.flights.detach(flight)
      if (!flight.settled) flight.resolve(value)
      await this.#store(flight, scope, permit, entry, since)
    } catch (error) {
      this.#giveBack(scope, flight, permit)
      if (!flight.settled) this.#fail(flight, scope, error)
    } finally {
      flight.disarm(engine.clock)
    }
  }

  async #permit(flight: Flight, scope: Scope, found: Found, options: ResolvedLoadOptions): Promise<Permit> {
    const { link, settings } = this.#engine
    if (settings.readOnly) return { kind: 'barred', asOf: link?.seen ?? this.#engine.nextStamp() }
    if (link === undefined || this.#shared === undefined) return { kind: 'local', asOf: this.#engine.nextStamp(), unsynced: false }
    if (found.kind === 'away') return { kind: 'local', asOf: link.seen, unsynced: true }
    return this.#shared.permits.obtain(scope, flight, found.seen, options)
  }

  /** Another process has loaded the value meanwhile. */
  #takeOver(flight: Flight, scope: Scope, entry: Entry, since: Since): void {
    this.#engine.keep(scope, flight.key, entry, since, false)
    if (!flight.settled) flight.resolve(entry.value)
  }

  async #callLoader(flight: Flight, scope: Scope, loader: Loader<unknown>): Promise<unknown> {
    const { counters, emitter, clock, settings } = this.#engine
    const trigger = flight.refresh ? 'refresh' : flight.previous ? 'stale' : 'miss'
    const context = new FlightContext(flight, this.#previousAge(flight))
    const begun = clock.now()
    counters.loads.active++
    try {
      const answer = await traced<LoadMessage, unknown>(loadChannel, () => ({ cache: settings.name, key: scope.qualify(flight.key), trigger }), async () => loader(context))
      counters.loads.success++
      emitter.emit('load', { key: flight.key, durationMs: clock.now() - begun })
      return answer
    } catch (error) {
      counters.loads.error++
      emitter.emit('loadError', { key: flight.key, error })
      throw error
    } finally {
      counters.loads.active--
    }
  }

  /** The entry to keep; `undefined` when nothing is to be kept. */
  #entry(flight: Flight, parts: LoadedParts<unknown>, options: ResolvedLoadOptions, permit: Exclude<Permit, { kind: 'filled' }>, loadMs: number): Entry | undefined {
    if (parts.kind === 'noStore') return undefined
    if (parts.kind === 'notModified' && flight.previous === undefined) {
      throw new CacheError('STRATA_CONFIG', 'notModified() was returned where there is no stale value to keep')
    }
    const resolved = parts.kind === 'entry' ? mergeLoadOptions(options, parts.options) : options
    const value = parts.kind === 'entry' ? parts.value : flight.previous!.value
    if (value === undefined && resolved.negativeTtl === undefined) return undefined
    const now = this.#engine.sharedNow()
    const lengths =
      value === undefined ? { ttl: resolved.negativeTtl!, staleWhileRevalidate: 0, staleIfError: 0, jitter: resolved.jitter } : resolved
    const tags = parts.kind === 'notModified' ? [...new Set([...resolved.tags, ...flight.previous!.tags])] : resolved.tags
    // What is loaded is not older than the entry whose place it takes, and an older `set` must not take its.
    const version = permit.kind === 'leased' ? permit.version : flight.previous?.version
    return { ...lifetime(lengths, now, this.#engine.random), value, asOf: permit.asOf, storedAt: now, loadMs, tags, version }
  }

  async #store(flight: Flight, scope: Scope, permit: Exclude<Permit, { kind: 'filled' }>, entry: Entry | undefined, since: Since): Promise<void> {
    const engine = this.#engine
    if (entry === undefined) {
      this.#dropPrevious(flight, scope)
      return this.#giveBack(scope, flight, permit)
    }
    if (flight.fenced || permit.kind === 'barred' || engine.link?.isLagging(scope, flight.key, entry)) return this.#giveBack(scope, flight, permit)
    if (permit.kind === 'local') return engine.keep(scope, flight.key, entry, since, permit.unsynced)
    const outcome = await this.#shared!.permits.fill(scope, flight.key, permit, entry)
    if (outcome !== 'refused' && !flight.fenced) engine.keep(scope, flight.key, entry, since, outcome === 'away')
  }

  /** The source has nothing any more, or not to be kept: the value it had is not to be served either. */
  #dropPrevious(flight: Flight, scope: Scope): void {
    const slot = scope.view?.slots.get(flight.key)
    if (slot !== undefined && flight.asOf !== undefined && scope.view!.store.asOf(slot) < flight.asOf) scope.view!.remove(flight.key, 'replaced')
    if (flight.previous === undefined) return
    this.#engine.link?.discard(scope.qualify(flight.key), flight.previous.asOf)
    void this.#engine.stack.remove([scope.qualify(flight.key)], flight.asOf ?? 0)
  }

  #giveBack(scope: Scope, flight: Flight, permit: Permit | undefined): void {
    if (permit?.kind === 'leased') this.#engine.link?.release(scope.qualify(flight.key), permit.token)
  }

  #fail(flight: Flight, scope: Scope, error: unknown): void {
    scope.flights.detach(flight)
    if (this.#mayFallBack(flight, scope)) return this.#serveStale(flight, flight.previous!, 'error')
    this.#engine.counters.requests.error++
    flight.reject(error)
  }

  #startTimers(flight: Flight, scope: Scope, { softTimeout, hardTimeout }: ResolvedLoadOptions): TimerHandle[] {
    const { clock, counters } = this.#engine
    const timers: TimerHandle[] = []
    if (hardTimeout < Infinity) {
      const giveUp = (): void => {
        const error = new LoadTimeoutError(flight.key, hardTimeout)
        counters.loads.timeout++
        if (!flight.settled) this.#fail(flight, scope, error)
        flight.fenced = true
        flight.abort(error)
      }
      timers.push(clock.setTimeout(giveUp, hardTimeout))
    }
    if (softTimeout < hardTimeout && flight.previous !== undefined) {
      const answer = (): void => {
        if (!flight.settled && this.#mayFallBack(flight, scope)) this.#serveStale(flight, flight.previous!, 'softTimeout')
      }
      timers.push(clock.setTimeout(answer, softTimeout))
    }
    return timers
  }

  #mayFallBack(flight: Flight, scope: Scope): boolean {
    const { previous } = flight
    if (previous === undefined || flight.fenced) return false
    const isValid = this.#engine.judge(scope, previous.tags, previous.asOf) !== 'invalid'
    return isValid && servesOnError(previous, this.#engine.sharedNow())
  }

  #serveStale(flight: Flight, entry: Entry, reason: StaleReason): void {
    if (flight.isAwaited) this.#engine.countStale(flight.key, reason)
    flight.resolve(entry.value)
  }

  #accept(scope: Scope, entry: Entry): Entry | undefined {
    return this.#engine.judge(scope, entry.tags, entry.asOf) === 'valid' ? entry : undefined
  }

  #previousAge(flight: Flight): number {
    const { previous } = flight
    return previous === undefined ? 0 : this.#engine.sharedNow() - previous.storedAt
  }
}

const NOTHING: Found = { kind: 'none', seen: 0, invalid: false }

/** What a flight is about, while it is under way. */
class Errand implements Seeker {
  readonly flight: Flight
  readonly scope: Scope
  readonly loader: Loader<unknown>
  readonly options: ResolvedLoadOptions
  readonly since: Since
  readonly #loading: Loading

  constructor(loading: Loading, flight: Flight, scope: Scope, loader: Loader<unknown>, options: ResolvedLoadOptions, since: Since) {
    this.#loading = loading
    this.flight = flight
    this.scope = scope
    this.loader = loader
    this.options = options
    this.since = since
  }

  found(found: Found): void {
    this.#loading.proceed(this, found)
  }
}

/** What the loader is told. The signal is only created when it is looked at. */
class FlightContext implements LoadContext<unknown> {
  declare readonly stale?: { readonly value: unknown; readonly ageMs: number }
  readonly #flight: Flight

  constructor(flight: Flight, ageMs: number) {
    this.#flight = flight
    const { previous } = flight
    if (previous !== undefined && previous.value !== undefined) this.stale = { value: previous.value, ageMs }
  }

  get key(): string {
    return this.#flight.key
  }

  get signal(): AbortSignal {
    return this.#flight.signal
  }
}
