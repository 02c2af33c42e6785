import { type Clock, CoarseClock, type TimerHandle } from './clock.ts'
import { Emitter } from './emitter.ts'
import { type Entry, classify, softened } from './entry.ts'
import { ClosedError, warn } from './error.ts'
import type { RemovalCause, StaleReason } from './events.ts'
import type { InvalidationResult } from './invalidation.ts'
import type { Invalidator } from './invalidator.ts'
import { namespacePath, ROOT_PATH, unqualify } from './key.ts'
import { HotPath } from './hot-path.ts'
import { MemoryStore, type MemoryView } from './memory/memory-store.ts'
import { type ResolvedSettings, resolveMemoryOptions } from './options.ts'
import { Scope } from './scope.ts'
import { effectiveStamp, type SharedLink } from './shared-link.ts'
import { type LogRecord, stampTime } from './shared-store.ts'
import { StampTable } from './stamp-table.ts'
import { Counters, TierCounters } from './stats.ts'
import { memoryAsStore, TierStack } from './tier-stack.ts'
import type { MaybePromise } from './store.ts'
import type { ReadStrategy } from './read-strategy.ts'
import type { Random } from './random.ts'

/** This process's end of an open shared tier. */
export interface SharedEnd {
  readonly link: SharedLink
  readonly invalidator: Invalidator
  /** Rejects when it is released before the tier has answered. */
  readonly ready: Promise<void>
  /** @param reason for those who wait until it is ready */
  release(reason: Error): Promise<void>
}

/** How long `close()` waits for what others have to end, each time, in ms. */
const DRAIN_MS = 1_000
const TAGS_KNOWN = 100_000
const KEYS_KNOWN = 10_000

/** What was known when a read began: whether its result may be kept depends on what was missed since. */
export interface Since {
  readonly generation: number
  readonly floor: number
}

type Teardown = () => MaybePromise<void>

type Forgotten = Pick<LogRecord, 'stamp' | 'keys' | 'tags' | 'soft' | 'asOf'>

/** A number: stale since then, in ms on the clock that issues stamps. */
export type Judgement = 'valid' | 'invalid' | number

/**
 * What one cache is made of, shared by all its namespaces: the tiers, the stamps that decide what may be served,
 * and what every invalidation does to them.
 */
export class Engine {
  readonly settings: ResolvedSettings
  readonly clock: Clock
  /** For the hot path. */
  readonly coarse: CoarseClock
  readonly random: Random
  readonly counters: Counters = new Counters()
  readonly emitter: Emitter
  readonly memory: MemoryStore | undefined
  /** `undefined` without a memory tier. */
  readonly hot: HotPath | undefined
  readonly memoryName: string = 'memory'
  readonly memoryCounters: TierCounters = new TierCounters()
  readonly root: Scope
  readonly stack: TierStack
  readonly stackCounters: ReadonlyMap<string, TierCounters>
  readonly shared: SharedEnd | undefined
  readonly sharedCounters: TierCounters = new TierCounters()
  readonly link: SharedLink | undefined
  /** Stamps of tags and namespaces: the link's, or this process's own where there is no shared tier. */
  readonly tags: StampTable
  /** Stamps of keys: a copy read before an invalidation of its key must not be kept after it. */
  readonly keys: StampTable
  /** Until when, on this machine's clock, memory may be served without asking anybody. */
  trustUntil: number
  closed = false
  /** Whether memory may be filled. */
  #isMemoryOn = true
  /** What `close()` does first, and how long it waits for each. */
  readonly #teardowns = new Map<Teardown, number>()
  readonly #scopes = new Map<string, Scope>()
  readonly #copy: 'none' | 'clone' | 'freeze'
  #stamp = 0
  #clearedAt = 0
  #closing: Promise<void> | undefined

  constructor(settings: ResolvedSettings, shared: SharedEnd | undefined) {
    this.settings = settings
    this.clock = settings.clock
    this.coarse = new CoarseClock(settings.clock)
    this.random = settings.random
    this.shared = shared
    this.link = shared?.link
    this.tags = this.link?.tags ?? new StampTable(TAGS_KNOWN)
    this.keys = this.link?.keys ?? new StampTable(KEYS_KNOWN)
    this.trustUntil = this.link ? 0 : Infinity
    const [first, ...others] = settings.tiers
    this.#copy = (first.kind === 'memory' ? first.options.copy : undefined) ?? 'none'
    if (first.kind === 'memory') {
      this.memory = new MemoryStore(resolveMemoryOptions(first.options), settings.clock, settings.random, (view, key, cause) => this.#onRemoval(view, key, cause))
      this.memoryName = first.name
      this.hot = new HotPath(this.memory, this.coarse, this.tags)
    }
    this.emitter = new Emitter(() => this.#setHotPath())
    this.#setHotPath()
    const local = (first.kind === 'memory' ? others : settings.tiers).flatMap((tier) => {
      if (tier.kind === 'shared') return []
      const store = tier.kind === 'plain' ? tier.store : memoryAsStore(tier, settings)
      return [{ name: tier.name, store, counters: new TierCounters() }]
    })
    this.stack = new TierStack(local)
    this.stackCounters = new Map(local.map((tier) => [tier.name, tier.counters]))
    // What a store kept from before this process began cannot be checked against invalidations it has not seen.
    // Where there is a shared tier, the start of the log says from when on.
    if (this.link === undefined) this.stack.distrust(this.nextStamp())
    this.root = this.scope(namespacePath(undefined, settings.name))
  }

  scope(path: string): Scope {
    let scope = this.#scopes.get(path)
    if (scope === undefined) {
      scope = new Scope(path, this.memory?.view(), this.settings.tagsPrefix)
      this.#scopes.set(path, scope)
    }
    return scope
  }

  /** Milliseconds on the shared tier's clock. */
  sharedNow(): number {
    return this.coarse.now() + this.offset
  }

  /** How far the shared tier's clock is ahead. */
  get offset(): number {
    return this.link?.time.offset ?? 0
  }

  /** A stamp of this process's own logical clock, for caches without a shared tier. */
  nextStamp(): number {
    this.#stamp = Math.max(this.#stamp + 1, Math.floor(this.coarse.now() * 1_000))
    return this.#stamp
  }

  assertOpen(): void {
    if (this.closed) throw new ClosedError(this.settings.name)
  }

  #setHotPath(): void {
    if (this.hot === undefined) return
    const isPlain = !this.copies && this.settings.load.read === undefined && this.settings.shadow === undefined && !this.emitter.hears('hit')
    this.hot.until = isPlain ? this.trustUntil : 0
  }

  countHit(key: string, tier: string): void {
    this.counters.requests.hit++
    if (this.emitter.hears('hit')) this.emitter.emit('hit', { key, tier })
  }

  countStale(key: string, reason: StaleReason): void {
    this.counters.requests.stale++
    this.emitter.emit('stale', { key, reason })
  }

  countMiss(key: string): void {
    this.counters.requests.miss++
    this.emitter.emit('miss', { key })
  }

  /** Whether an entry stands against every invalidation known here. */
  judge(scope: Scope, tags: readonly string[], asOf: number): Judgement {
    if (asOf >= this.tags.ceiling) return 'valid'
    let soft = 0
    for (const path of scope.paths) {
      const stamp = this.tags.path(path)
      if (stamp.hard > asOf) return 'invalid'
      soft = Math.max(soft, stamp.soft)
    }
    for (const tag of tags) {
      const stamp = this.tags.bound(scope.qualifyTag(tag))
      if (stamp.hard > asOf) return 'invalid'
      soft = Math.max(soft, stamp.soft)
    }
    return soft > asOf ? stampTime(soft) : 'valid'
  }

  /** Whether a read strategy wants a fresh entry to be loaded again. */
  isDue(entry: Entry, read: ReadStrategy | undefined): boolean {
    if (read === undefined) return false
    const hit = { ageMs: this.sharedNow() - entry.storedAt, ttlMs: entry.freshUntil - entry.storedAt, loadMs: entry.loadMs }
    return read.onHit(hit, this.random) === 'refresh'
  }

  /** To be taken before a read or a load begins, and handed to `keep`. */
  since(): Since {
    return { generation: this.link?.generation ?? 0, floor: this.keys.floor }
  }

  /** Keeps an entry in the local tiers unless an invalidation has overtaken it. Its times are the shared tier's. */
  keep(scope: Scope, key: string, entry: Entry, since: Since, unsynced: boolean): void {
    if (this.closed || (scope.view === undefined && this.stack.empty) || this.#isMissed(scope, key, entry, since)) return
    const judgement = this.judge(scope, entry.tags, entry.asOf)
    if (judgement === 'invalid') return
    const now = this.coarse.now()
    const { offset } = this
    const current = judgement === 'valid' ? entry : softened(entry, judgement)
    if (classify(current, now + offset) === 'expired') return
    const view = this.#isMemoryOn ? scope.view : undefined
    const slot = view?.slots.get(key)
    // Two loads of one key may end in the other order than they began.
    if (slot !== undefined && this.memory!.asOf(slot) > entry.asOf) return
    const ttl = unsynced ? this.#unsyncedTtl(entry, now + offset) : Infinity
    if (ttl <= 0) return
    view?.put(key, slot, current, { value: this.#own(entry.value), epoch: this.tags.epoch, unsynced, now, offset, ttl })
    if (!unsynced && !this.stack.empty) void this.stack.write(scope.qualify(key), current, now + offset)
  }

  /** Counted from the begin of the load at the latest: that is how old what is kept may be (rule 7). */
  #unsyncedTtl({ storedAt, loadMs }: Entry, now: number): number {
    return Math.min(this.settings.unsyncedTtl, storedAt - loadMs + this.settings.maxUnsynced - now)
  }

  /**
   * The entry that the memory tier has and that stands against every invalidation, fresh or stale. Not while
   * memory is not to be trusted.
   */
  recall(scope: Scope, key: string): Entry | undefined {
    const slot = scope.view?.slots.get(key)
    const store = this.memory
    if (slot === undefined || store === undefined) return undefined
    const now = this.coarse.now()
    if (now >= this.trustUntil && !store.isUnsynced(slot)) return undefined
    if (!store.isConfirmed(slot, this.tags.epoch) && !this.#recheck(scope, slot, store)) return undefined
    const entry = store.entry(slot, this.offset)
    if (classify(entry, now + this.offset) !== 'expired') {
      store.touch(slot)
      return entry
    }
    store.remove(slot, 'expired')
    return undefined
  }

  /** Tags were invalidated since the entry was last looked at. Says whether it stands; one that does not is removed. */
  #recheck(scope: Scope, slot: number, store: MemoryStore): boolean {
    const { tags, asOf } = store.entry(slot, 0)
    const judgement = this.judge(scope, tags, asOf)
    if (judgement === 'invalid') {
      store.remove(slot, 'invalidated')
      return false
    }
    if (judgement !== 'valid') store.soften(slot, judgement - this.offset)
    store.confirm(slot, this.tags.epoch)
    return true
  }

  /** Whether an invalidation of the key has come, or may have come, since the entry was read or its load began. */
  #isMissed(scope: Scope, key: string, entry: Entry, since: Since): boolean {
    if (since.generation !== (this.link?.generation ?? 0)) return true
    if (entry.asOf >= this.keys.ceiling) return false
    const known = this.keys.get(scope.qualify(key))?.hard ?? 0
    // Forgotten since the read began: an invalidation of this very key may have come and gone from the table.
    const forgotten = this.keys.floor === since.floor ? 0 : this.keys.floor
    return Math.max(known, forgotten) > entry.asOf
  }

  /** Whether every caller gets a copy of its own. */
  get copies(): boolean {
    return this.#copy === 'clone'
  }

  /** A value as a caller gets it. */
  give<V>(value: V): V {
    return this.copies ? structuredClone(value) : value
  }

  get isMemoryOn(): boolean {
    return this.#isMemoryOn
  }

  /** Turned off, memory is empty and stays so. */
  set isMemoryOn(isOn: boolean) {
    this.#isMemoryOn = isOn
    if (!isOn) this.memory?.clear()
  }

  /** A value as memory holds it. */
  #own(value: unknown): unknown {
    if (this.#copy === 'clone') return structuredClone(value)
    return this.#copy === 'freeze' ? deepFreeze(value) : value
  }

  /** Keys and tags are qualified. Resolves when it is applied or queued; never rejects. */
  async invalidate(keys: readonly string[], tags: readonly string[], soft: boolean, lagMs: number = this.settings.replicaLag): Promise<InvalidationResult> {
    this.counters.invalidations.local++
    this.emitter.emit(soft ? 'expire' : 'invalidate', { keys, tags, origin: 'local' })
    if (this.shared === undefined) {
      const stamp = this.nextStamp()
      await this.#forget({ stamp: stamp + lagMs * 1_000, keys, tags, soft })
      return { status: 'applied', stamp }
    }
    // The first of two fences. Its stamp is a guess from below: all that is here is older, what is loaded from now
    // on is not.
    const { link, invalidator } = this.shared
    const stamp = link.seen + 1
    link.see(stamp)
    const answer = invalidator.submit(keys, tags, soft, lagMs)
    await this.#forget({ stamp, keys, tags, soft })
    return answer
  }

  /** Without a shared tier: the source was written since `asOf`, and all that is here of the key may be older. */
  overtake(scope: Scope, key: string, asOf: number): void {
    const stamp = this.nextStamp()
    // Copies that are being read from the tiers below.
    this.keys.raise(scope.qualify(key), asOf, false)
    this.#forgetKey(scope, key, stamp, stamp, false)
  }

  onRecord(record: LogRecord, origin: 'local' | 'remote'): void {
    if (origin === 'remote') {
      this.counters.invalidations.remote++
      this.emitter.emit(record.soft ? 'expire' : 'invalidate', { keys: record.keys, tags: record.tags, origin })
    }
    void this.#forget({ ...record, stamp: effectiveStamp(record) })
  }

  onGap(): void {
    this.memory?.clear()
    this.stack.distrust(this.link?.position ?? 0)
    for (const scope of this.#scopes.values()) scope.flights.fenceAll()
  }

  onInStep(time: number): void {
    this.trustUntil = time + this.settings.maxUnsynced
    this.#setHotPath()
  }

  /** What is attached ends when the cache is closed. Returns what forgets it again. */
  onClose(teardown: Teardown, patienceMs: number = DRAIN_MS): () => void {
    this.#teardowns.set(teardown, patienceMs)
    return () => this.#teardowns.delete(teardown)
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const reason = new ClosedError(this.settings.name)
    const end = async (teardown: Teardown): Promise<void> => {
      try {
        await teardown()
      } catch (error) {
        warn('stopping a source or plugin', error)
      }
    }
    if (this.#teardowns.size > 0) await Promise.all([...this.#teardowns].map(([teardown, patienceMs]) => this.#patiently([end(teardown)], patienceMs)))
    this.closed = true
    const flights = [...this.#scopes.values()].flatMap((scope) => scope.flights.airborne())
    await this.#patiently(flights.map((flight) => flight.answer))
    for (const flight of flights) {
      flight.abort(reason)
      flight.reject(reason)
      flight.disarm(this.clock)
    }
    this.memory?.clear()
    await this.#patiently([this.stack.close()])
    await this.shared?.release(reason)
  }

  /** Waits for what others have to end, not for ever. */
  async #patiently(ending: readonly Promise<unknown>[], ms: number = DRAIN_MS): Promise<void> {
    let patience: TimerHandle
    const late = new Promise<void>((resolve) => (patience = this.clock.setTimeout(resolve, ms)))
    await Promise.race([late, Promise.allSettled(ending)])
    this.clock.clearTimeout(patience)
  }

  /** Takes what an invalidation concerns out of the local tiers and off the flights. */
  async #forget({ stamp, keys, tags, soft, asOf = stamp }: Forgotten): Promise<void> {
    for (const tag of tags) {
      this.tags.raise(tag, stamp, soft)
      if (!soft) this.#freeMemory(tag, stamp)
    }
    for (const qualified of keys) {
      this.keys.raise(qualified, asOf, soft)
      const name = unqualify(qualified)
      const scope = name && this.#scopes.get(name.path)
      if (scope) this.#forgetKey(scope, name.text, stamp, asOf, soft)
    }
    if (this.stack.empty || soft) return
    await this.stack.remove(keys, stamp)
    for (const tag of tags) if (unqualify(tag) === undefined) await this.stack.clear(tag, stamp)
  }

  /** Stamps make cleared entries invalid; clearing the whole cache also gives their memory back. */
  #freeMemory(tag: string, stamp: number): void {
    if ((tag !== ROOT_PATH && tag !== this.root.path) || stamp <= this.#clearedAt) return
    this.#clearedAt = stamp
    this.memory?.clear()
  }

  /** @param kept from which asOf on entries stand; those that were loaded without a lease only from `stamp` on */
  #forgetKey(scope: Scope, key: string, stamp: number, kept: number, soft: boolean): void {
    scope.flights.fence(key, stamp)
    const slot = scope.view?.slots.get(key)
    if (slot === undefined) return
    const store = scope.view!.store
    const asOf = store.asOf(slot)
    if (asOf >= stamp || (asOf >= kept && !store.isUnsynced(slot))) return
    if (soft) store.soften(slot, this.clock.now())
    else store.remove(slot, 'invalidated')
  }

  #onRemoval(_view: MemoryView, key: string, cause: RemovalCause): void {
    this.memoryCounters.evictions[cause]++
    if (this.emitter.hears('evict')) this.emitter.emit('evict', { key, cause })
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
  Object.freeze(value)
  for (const item of Object.values(value)) deepFreeze(item)
  return value
}
