import { attach } from './attach.ts'
import type { Cache } from './cache.ts'
import { Collection } from './collection.ts'
import { checkCollection, type CollectionOptions, loadOptionsOf } from './collection-options.ts'
import type { SharedAccess } from './connectors.ts'
import type { Duration } from './duration.ts'
import type { Engine } from './engine.ts'
import type { Entry } from './entry.ts'
import { ConfigError } from './error.ts'
import type { CacheEvents } from './events.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import type { HotPath } from './hot-path.ts'
import type { InvalidationResult, InvalidationSource, Target } from './invalidation.ts'
import { assertName, assertWellFormed, type Key, keyText, namespacePath } from './key.ts'
import type { Journal } from './journal.ts'
import type { ManyLoader } from './load-batch.ts'
import { type Asked, loadMissing, type ManyOptions } from './load-many.ts'
import type { EntryOptions, Loaded, Loader, LoadOptions } from './loader.ts'
import { mergeLoadOptions, resolveLag } from './options.ts'
import { Reader } from './read.ts'
import type { Scope } from './scope.ts'
import { Shadow } from './shadow.ts'
import { statsOf } from './stats-snapshot.ts'
import type { CacheStats } from './stats.ts'
import type { MaybePromise } from './store.ts'
import { writeThrough } from './strategies/write-through.ts'
import { type TierSwitch, tierSwitch } from './tier-switch.ts'
import { type Cached, wrap, type WrapOptions } from './wrap.ts'
import { Writer, type WriteResult } from './write.ts'

/** In a slot's place: memory cannot answer at once. */
const NO_SLOT = -1

/** A cache or namespace over the tiers of an engine. What its methods promise is said in cache.ts. */
export class TieredCache implements Cache {
  readonly name: string
  readonly #engine: Engine
  readonly #scope: Scope
  readonly #shared: SharedAccess | undefined
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #shadow: Shadow | undefined
  readonly #slots: ReadonlyMap<string, number>
  readonly #hot: HotPath

  /** @internal */
  constructor(engine: Engine, scope: Scope, shared: SharedAccess | undefined) {
    this.#engine = engine
    this.#scope = scope
    this.#shared = shared
    this.#reader = new Reader(engine, shared)
    this.#writer = new Writer(engine, shared)
    this.#shadow = engine.settings.shadow && new Shadow(engine, this.#reader, engine.settings.shadow)
    this.#slots = scope.view?.slots ?? new Map()
    // Without a memory tier there are no slots, and it is never looked at.
    this.#hot = engine.hot as HotPath
    this.name = scope.path
  }

  async get<V>(key: Key): Promise<V | undefined> {
    const name = keyText(key)
    const slot = this.#recall(name)
    if (slot !== NO_SLOT) return this.#hot.columns.values[slot] as V
    return this.#give(await this.#reader.get(this.#scope, name)) as V | undefined
  }

  async getMany<V>(keys: readonly Key[]): Promise<(V | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<V>(key)))
  }

  getOrSet<V>(key: Key, loader: Loader<V>, options?: LoadOptions): Promise<V> {
    try {
      const name = typeof key === 'string' ? key : keyText(key)
      if (options === undefined || isOrdinary(options)) {
        const slot = this.#recall(name)
        if (slot !== NO_SLOT) return Promise.resolve(this.#hot.columns.values[slot] as V)
      }
      const resolved = mergeLoadOptions(this.#engine.settings.load, options)
      const reader = this.#shadow?.isChosen && !resolved.refresh ? this.#shadow : this.#reader
      const answer = reader.getOrSet(this.#scope, name, loader as Loader<unknown>, resolved)
      return (this.#engine.copies ? answer.then((value) => this.#engine.give(value)) : answer) as Promise<V>
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  getOrSetMany<K extends Key, V>(keys: readonly K[], loader: ManyLoader<K, V>, options?: ManyOptions<K, V>): Promise<(V | undefined)[]> {
    const values: (V | undefined)[] = []
    const missing: number[] = []
    const mayRecall = options === undefined || typeof options === 'function' || isOrdinary(options)
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const slot = mayRecall && typeof key === 'string' ? this.#recall(key) : NO_SLOT
      if (slot === NO_SLOT) missing.push(i)
      values.push(slot === NO_SLOT ? undefined : (this.#hot.columns.values[slot] as V))
    }
    if (missing.length === 0) return Promise.resolve(values)
    return this.#loadMissing({ keys, missing, values }, loader, options)
  }

  getSync<V>(key: Key): V | undefined {
    const name = typeof key === 'string' ? key : keyText(key)
    const slot = this.#recall(name)
    if (slot !== NO_SLOT) return this.#hot.columns.values[slot] as V
    return this.#engine.closed ? undefined : (this.#give(this.#reader.getSync(this.#scope, name)) as V | undefined)
  }

  set<V>(key: Key, value: V, options?: EntryOptions): Promise<WriteResult> {
    try {
      return this.#writer.set(this.#scope, keyText(key), value, mergeLoadOptions(this.#engine.settings.load, options))
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  async has(key: Key): Promise<boolean> {
    const name = keyText(key)
    return this.#recall(name) !== NO_SLOT || (await this.#reader.get(this.#scope, name)) !== undefined
  }

  async expire(target: Target): Promise<InvalidationResult> {
    return this.#invalidate(target, true)
  }

  async invalidate(target: Target): Promise<InvalidationResult> {
    return this.#invalidate(target, false)
  }

  async delete(...keys: Key[]): Promise<InvalidationResult> {
    return this.#invalidate({ keys }, false)
  }

  async invalidateTags(...tags: string[]): Promise<InvalidationResult> {
    return this.#invalidate({ tags }, false)
  }

  async clear(): Promise<InvalidationResult> {
    this.#engine.assertOpen()
    this.#scope.flights.fenceAll()
    return this.#engine.invalidate([], [this.#scope.path], false)
  }

  wrap<A extends readonly unknown[], V>(name: string, fn: (...args: A) => MaybePromise<V | Loaded<V>>, options?: WrapOptions<A, V>): Cached<A, V> {
    return wrap(this, name, fn, options)
  }

  collection<K, V>(name: string, options: CollectionOptions<K, V>): Collection<K, V> {
    assertName(name)
    checkCollection(name, options)
    const { settings, clock, random, emitter } = this.#engine
    // Here, and not at the first load.
    mergeLoadOptions(settings.load, loadOptionsOf(options))
    return new Collection({
      cache: this,
      name,
      options,
      strategy: options.writeStrategy ?? settings.write ?? writeThrough(),
      seams: { clock, random, path: this.#scope.qualify(name), journal: (tier) => journalOf(this.#engine, this.#shared, tier) },
      onWriteError: (message) => emitter.emit('writeError', message),
    })
  }

  namespace(name: string): Cache {
    assertName(name)
    return new TieredCache(this.#engine, this.#engine.scope(namespacePath(this.#scope.path, name)), this.#shared)
  }

  use(source: InvalidationSource): () => Promise<void> {
    return attach(this.#engine, source, (target) => this.#invalidate(target, target.soft ?? false, target.replicaLag))
  }

  tier(name: string): TierSwitch {
    return tierSwitch(this.#engine, name)
  }

  async explain(key: Key): Promise<Explanation> {
    this.#engine.assertOpen()
    return explain(this.#engine, this.#scope, keyText(key), this.#shared)
  }

  stats(): CacheStats {
    return statsOf(this.#engine)
  }

  on<E extends keyof CacheEvents>(event: E, listener: (event: CacheEvents[E]) => void): () => void {
    return this.#engine.emitter.on(event, listener)
  }

  async ready(): Promise<void> {
    this.#engine.assertOpen()
    await this.#engine.shared?.ready
  }

  async close(): Promise<void> {
    return this.#engine.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal Runs when the cache is closed. */
  onClose(teardown: () => MaybePromise<void>, patienceMs?: number): void {
    this.#engine.onClose(teardown, patienceMs)
  }

  /** @internal Caches what a write to the source resolves to, unless the key is overtaken meanwhile. */
  async setAfter(key: string, write: () => Promise<unknown>, options: EntryOptions): Promise<void> {
    await this.#writer.setAfter(this.#scope, key, write, mergeLoadOptions(this.#engine.settings.load, options))
  }

  /**
   * The memory hit: one map lookup and two comparisons, no promise. Answers with a slot and not with its value, among
   * which nothing could stand for a miss that takes a single comparison to tell.
   */
  #recall(key: string): number {
    const slot = this.#slots.get(key)
    if (slot === undefined) return NO_SLOT
    return this.#hot.serves(slot) ? slot : NO_SLOT
  }

  /** Apart: what is captured here, `this` too, would take its way through a context in all of `getOrSetMany`. */
  #loadMissing<K extends Key, V>(asked: Asked<K, V>, loader: ManyLoader<K, V>, options: ManyOptions<K, V> | undefined): Promise<(V | undefined)[]> {
    const getOrSet = <T>(key: Key, load: Loader<T>, loadOptions: LoadOptions | undefined): Promise<T> => this.getOrSet(key, load, loadOptions)
    return loadMissing(asked, loader, options, getOrSet)
  }

  #give(entry: Entry | undefined): unknown {
    return this.#engine.give(entry?.value)
  }

  async #invalidate(target: Target, soft: boolean, lag?: Duration): Promise<InvalidationResult> {
    this.#engine.assertOpen()
    const lagMs = lag === undefined ? undefined : resolveLag(lag)
    const keys = (target.keys ?? []).map(keyText)
    const tags = target.tags ?? []
    for (const key of keys) assertWellFormed(key, 'keys')
    for (const tag of tags) assertWellFormed(tag, 'tags')
    return this.#engine.invalidate(keys.map((key) => this.#scope.qualify(key)), tags.map((tag) => this.#scope.qualifyTag(tag)), soft, lagMs)
  }
}

/** What the shared tier of that name has to offer to changes that are to survive the process. */
function journalOf({ link }: Engine, shared: SharedAccess | undefined, tier: string): Journal {
  if (link?.name === tier && shared?.journal !== undefined) return shared.journal
  const rule = link === undefined ? 'left out, or { path }: the cache has no shared tier' : `the name of a shared tier that can keep one; that of the cache is '${link.name}'`
  throw new ConfigError([{ option: 'writeBehind.journal', rule, value: tier }])
}

/** Options that do not change what a fresh memory hit answers. */
const isOrdinary = (options: LoadOptions): boolean =>
  options.refresh === undefined && options.read === undefined && options.signal === undefined
