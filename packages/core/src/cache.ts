import type { SharedAccess } from './connectors.ts'
import type { Engine } from './engine.ts'
import { type Entry } from './entry.ts'
import { ConfigError, warn } from './error.ts'
import type { CacheEvents } from './events.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import type { InvalidationResult, InvalidationSink, InvalidationSource, Target } from './invalidation.ts'
import { assertWellFormed, type Key, keyText, namespacePath } from './key.ts'
import type { EntryOptions, Loaded, Loader, LoadOptions } from './loader.ts'
import type { HotPath } from './hot-path.ts'
import { loadMany, type ManyLoader, type ManyOptions } from './load-many.ts'
import { mergeLoadOptions } from './options.ts'
import { Reader } from './read.ts'
import type { Scope } from './scope.ts'
import { statsOf } from './stats-snapshot.ts'
import type { CacheStats } from './stats.ts'
import type { MaybePromise } from './store.ts'
import { type Cached, wrap, type WrapOptions } from './wrap.ts'
import { Writer, type WriteResult } from './write.ts'

/** In a slot's place: memory cannot answer at once. */
const NO_SLOT = -1

/**
 * A cache. Made by `createCache`; `namespace` makes more of them over the same tiers.
 *
 * Keys are strings, or arrays whose parts are escaped and joined: `['user', 42]` is `'user:42'`.
 */
export class Cache implements AsyncDisposable {
  /** The cache's name, or `cache/namespace`. */
  readonly name: string
  readonly #engine: Engine
  readonly #scope: Scope
  readonly #shared: SharedAccess | undefined
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #slots: ReadonlyMap<string, number>
  readonly #hot: HotPath

  /** @internal */
  constructor(engine: Engine, scope: Scope, shared: SharedAccess | undefined) {
    this.#engine = engine
    this.#scope = scope
    this.#shared = shared
    this.#reader = new Reader(engine, shared)
    this.#writer = new Writer(engine, shared)
    this.#slots = scope.view?.slots ?? new Map()
    // Without a memory tier there are no slots, and it is never looked at.
    this.#hot = engine.hot as HotPath
    this.name = scope.path
  }

  /**
   * The value under a key, or `undefined` when no tier has one that may be served: a fresh one, or a stale one
   * within `staleWhileRevalidate`. Never loads.
   *
   * @throws ConfigError for a key that is not one, ClosedError after `close()`.
   * @example
   * ```ts
   * await cache.set('greeting', 'hello', { ttl: '1m' })
   * await cache.get('greeting') // 'hello'
   * await cache.get('nothing') // undefined
   * ```
   */
  async get<V>(key: Key): Promise<V | undefined> {
    const name = keyText(key)
    const slot = this.#recall(name)
    if (slot !== NO_SLOT) return this.#hot.columns.values[slot] as V
    return this.#give(await this.#reader.get(this.#scope, name)) as V | undefined
  }

  /**
   * The values under several keys, in the order asked; what memory lacks is read in one round trip.
   * @example
   * ```ts
   * await cache.set('a', 1)
   * await cache.getMany(['b', 'a']) // [undefined, 1]
   * ```
   */
  async getMany<V>(keys: readonly Key[]): Promise<(V | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<V>(key)))
  }

  /**
   * The value under a key; loaded when no tier has it, once for all who ask meanwhile, in all processes that
   * share a tier. A load that an invalidation overtakes still answers those who were waiting, and is not kept.
   *
   * @throws what the loader throws, unless a stale value may be served (`staleIfError`).
   * @throws LoadTimeoutError after `hardTimeout`.
   * @example
   * ```ts
   * const user = await cache.getOrSet(['user', id], () => db.users.find(id), { ttl: '5m', tags: ['users'] })
   * ```
   */
  getOrSet<V>(key: Key, loader: Loader<V>, options?: LoadOptions): Promise<V> {
    try {
      const name = typeof key === 'string' ? key : keyText(key)
      if (options === undefined || isOrdinary(options)) {
        const slot = this.#recall(name)
        if (slot !== NO_SLOT) return Promise.resolve(this.#hot.columns.values[slot] as V)
      }
      const resolved = mergeLoadOptions(this.#engine.settings.load, options)
      const answer = this.#reader.getOrSet(this.#scope, name, loader as Loader<unknown>, resolved)
      return (this.#engine.copies ? answer.then((value) => this.#engine.give(value)) : answer) as Promise<V>
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  /**
   * The values under several keys, in the order asked. `loadMany` is called once for those that no tier has; it
   * answers in their order, or with a Map. `undefined`: the source has nothing.
   *
   * @param options for all entries, or computed from each key and value.
   * @throws what the loader throws; TypeError when it answers with another number of values.
   * @example
   * ```ts
   * await cache.set('square:2', 4)
   * const load = (missing: readonly string[]) => missing.map((key) => Number(key.split(':')[1]) ** 2)
   * await cache.getOrSetMany(['square:3', 'square:2'], load, { ttl: '1h' }) // [9, 4]
   * ```
   */
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
    return this.#loadMany(keys, missing, values, loader, options)
  }

  /**
   * The value that memory has under a key, without a promise. A use of the entry like any other.
   *
   * @throws ConfigError for a key that is not one.
   * @example
   * ```ts
   * await cache.set('flag', true)
   * cache.getSync('flag') // true
   * ```
   */
  getSync<V>(key: Key): V | undefined {
    const name = typeof key === 'string' ? key : keyText(key)
    const slot = this.#recall(name)
    if (slot !== NO_SLOT) return this.#hot.columns.values[slot] as V
    return this.#engine.closed ? undefined : (this.#give(this.#reader.getSync(this.#scope, name)) as V | undefined)
  }

  /**
   * Stores a value in every tier. Loads of the key that began before are overtaken.
   *
   * @throws SerializationError when a shared tier cannot represent the value; ConfigError for `undefined` without
   * `negativeTtl`.
   * @example
   * ```ts
   * await cache.set('rate', 1.1, { ttl: '5m', tags: ['rates'] })
   * await cache.set('row', 'v7', { version: 7 }) // { status: 'stored' }
   * await cache.set('row', 'v6', { version: 6 }) // { status: 'superseded' }
   * ```
   */
  set<V>(key: Key, value: V, options?: EntryOptions): Promise<WriteResult> {
    try {
      return this.#writer.set(this.#scope, keyText(key), value, mergeLoadOptions(this.#engine.settings.load, options))
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  /**
   * Whether `get` would find a value.
   * @example
   * ```ts
   * await cache.has('nothing') // false
   * ```
   */
  async has(key: Key): Promise<boolean> {
    const name = keyText(key)
    return this.#recall(name) !== NO_SLOT || (await this.#reader.get(this.#scope, name)) !== undefined
  }

  /**
   * Makes entries stale: they may still be served within `staleWhileRevalidate` and `staleIfError`.
   * @example
   * ```ts
   * await cache.set('page', 'old', { ttl: '1h', staleWhileRevalidate: '1m' })
   * await cache.expire({ keys: ['page'] })
   * await cache.getOrSet('page', () => 'new') // 'old'
   * ```
   */
  async expire(target: Target): Promise<InvalidationResult> {
    return this.#invalidate(target, true)
  }

  /**
   * Makes entries gone, everywhere. Nothing that was loaded before is served after this has resolved `applied`.
   *
   * @example
   * ```ts
   * await db.users.update(42, changes)
   * await cache.invalidate({ keys: [['user', 42]], tags: ['users'] })
   * ```
   */
  async invalidate(target: Target): Promise<InvalidationResult> {
    return this.#invalidate(target, false)
  }

  /**
   * Invalidates keys.
   * @example
   * ```ts
   * await cache.delete(['user', 42], 'front-page')
   * ```
   */
  async delete(...keys: Key[]): Promise<InvalidationResult> {
    return this.#invalidate({ keys }, false)
  }

  /**
   * Invalidates all entries that carry one of the tags. Costs the same for a tag of one entry and for a tag of a million.
   * @example
   * ```ts
   * await cache.set('list', [1, 2], { tags: ['users'] })
   * await cache.invalidateTags('users')
   * await cache.get('list') // undefined
   * ```
   */
  async invalidateTags(...tags: string[]): Promise<InvalidationResult> {
    return this.#invalidate({ tags }, false)
  }

  /**
   * Empties this cache or namespace, and the namespaces below it, at a constant cost. Other data in the shared tier is
   * not touched.
   * @example
   * ```ts
   * await cache.set('a', 1)
   * await cache.clear()
   * await cache.get('a') // undefined
   * ```
   */
  async clear(): Promise<InvalidationResult> {
    this.#engine.assertOpen()
    this.#scope.flights.fenceAll()
    return this.#engine.invalidate([], [this.#scope.path], false)
  }

  /**
   * A cached function. Its keys are `name` and the arguments; `options.key` names them yourself.
   * @example
   * ```ts
   * const square = cache.wrap('square', (n: number) => n * n, { ttl: '1h' })
   * await square(7) // 49
   * square.key(7) // 'square:7'
   * ```
   */
  wrap<A extends readonly unknown[], V>(name: string, fn: (...args: A) => MaybePromise<V | Loaded<V>>, options?: WrapOptions<A, V>): Cached<A, V> {
    return wrap(this, name, fn, options)
  }

  /**
   * A cache of its own within this one: own keys, own tags, the same tiers and bounds. `clear` of this one clears it.
   *
   * @throws ConfigError for a name that is empty or ill-formed.
   * @example
   * ```ts
   * const tenant = cache.namespace('tenant-1')
   * await tenant.set('k', 1)
   * await cache.get('k') // undefined
   * ```
   */
  namespace(name: string): Cache {
    if (typeof name !== 'string' || name === '') throw new ConfigError([{ option: 'name', rule: 'a non-empty string', value: name }])
    assertWellFormed(name, 'name')
    return new Cache(this.#engine, this.#engine.scope(namespacePath(this.#scope.path, name)), this.#shared)
  }

  /**
   * Attaches something that learns of changes. Returns what detaches it; `close()` does so too.
   * @example
   * ```ts
   * const detach = cache.use({
   *   name: 'changes',
   *   start: (sink) => void stream.on('change', (id: number) => sink.invalidate({ keys: [['user', id]] })),
   *   stop: () => stream.close(),
   * })
   * await detach()
   * ```
   */
  use(source: InvalidationSource): () => Promise<void> {
    const { teardowns } = this.#engine
    this.#engine.assertOpen()
    const detach = async (): Promise<void> => {
      if (teardowns.delete(detach)) await source.stop()
    }
    teardowns.add(detach)
    const failed = (error: unknown): void => warn(`the invalidation source '${source.name}'`, error)
    const invalidate: InvalidationSink['invalidate'] = ({ soft = false, ...target }) => {
      const done = this.#invalidate(target, soft)
      // A source that does not wait for it must not take the process down when the cache is closed.
      done.catch(failed)
      return done
    }
    const start = async (): Promise<void> => source.start({ invalidate })
    start().catch(failed)
    return detach
  }

  /**
   * Why a read of the key would be answered as it would: per tier its state, age (ms), stamps and lease. No value.
   * @example
   * ```ts
   * await cache.set('a', 1)
   * const { tiers } = await cache.explain('a')
   * tiers[0]?.because // 'served: fresh, and no tag is newer'
   * ```
   */
  async explain(key: Key): Promise<Explanation> {
    this.#engine.assertOpen()
    return explain(this.#engine, this.#scope, keyText(key), this.#shared)
  }

  /**
   * Counts since the cache was created. Namespaces count together.
   * @example
   * ```ts
   * await cache.getOrSet('a', () => 1)
   * cache.stats().loads // { success: 1, error: 0, timeout: 0, active: 0 }
   * ```
   */
  stats(): CacheStats {
    return statsOf(this.#engine)
  }

  /**
   * Listens to an event. Returns what stops it. A listener that throws or rejects harms nobody.
   * @example
   * ```ts
   * const stop = cache.on('loadError', ({ key }) => console.warn(`loading ${key} failed`))
   * stop()
   * ```
   */
  on<E extends keyof CacheEvents>(event: E, listener: (event: CacheEvents[E]) => void): () => void {
    return this.#engine.emitter.on(event, listener)
  }

  /**
   * Resolves when the shared tier answers and its log is being followed, however long that takes. At once without a
   * shared tier. Not needed before the first read: until then the cache works without the shared tier's log.
   *
   * @throws ClosedError when the cache is closed, before or meanwhile.
   * @example
   * ```ts
   * await cache.ready()
   * ```
   */
  async ready(): Promise<void> {
    this.#engine.assertOpen()
    await this.#engine.shared?.ready
  }

  /**
   * Ends sources and plugins, waits for loads, closes tiers and connections. Never rejects; a second call waits for the
   * first. `await using` does it at the end of a block.
   *
   * Takes no longer than 1 s each for sources and plugins, for loads, and for plain tiers, plus three times the shared
   * tier's `commandTimeout` (500 ms): two to hand over the invalidations that are queued, one to close connections.
   * Loads that go on are aborted, and their callers get a ClosedError. Invalidations that the shared tier has not taken
   * by then are lost to the other processes, which a process warning says: `ttl` bounds what they serve.
   * @example
   * ```ts
   * {
   *   await using scoped = createCache()
   *   await scoped.getOrSet('a', () => 1) // 1
   * }
   * ```
   */
  async close(): Promise<void> {
    return this.#engine.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal Runs when the cache is closed. */
  onClose(teardown: () => MaybePromise<void>): void {
    this.#engine.teardowns.add(teardown)
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

  #give(entry: Entry | undefined): unknown {
    return this.#engine.give(entry?.value)
  }

  async #loadMany<K extends Key, V>(
    keys: readonly K[],
    missing: readonly number[],
    values: (V | undefined)[],
    loader: ManyLoader<K, V>,
    options: ManyOptions<K, V> | undefined,
  ): Promise<(V | undefined)[]> {
    const loaded = await loadMany(missing.map((index) => keys[index]!), loader, options, (key, load, loadOptions) => this.getOrSet(key, load, loadOptions))
    missing.forEach((index, i) => (values[index] = loaded[i]))
    return values
  }

  async #invalidate(target: Target, soft: boolean): Promise<InvalidationResult> {
    this.#engine.assertOpen()
    const keys = (target.keys ?? []).map(keyText)
    const tags = target.tags ?? []
    for (const key of keys) assertWellFormed(key, 'keys')
    for (const tag of tags) assertWellFormed(tag, 'tags')
    return this.#engine.invalidate(keys.map((key) => this.#scope.qualify(key)), tags.map((tag) => this.#scope.qualifyTag(tag)), soft)
  }
}

/** Options that do not change what a fresh memory hit answers. */
const isOrdinary = (options: LoadOptions): boolean =>
  options.refresh === undefined && options.read === undefined && options.signal === undefined
