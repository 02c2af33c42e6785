import type { Collection } from './collection.ts'
import type { CollectionOptions } from './collection-options.ts'
import type { CacheEvents } from './events.ts'
import type { Explanation } from './explanation.ts'
import type { InvalidationResult, InvalidationSource, Target } from './invalidation.ts'
import type { Key } from './key.ts'
import type { ManyLoader } from './load-batch.ts'
import type { ManyOptions } from './load-many.ts'
import type { EntryOptions, Loaded, Loader, LoadOptions } from './loader.ts'
import type { CacheStats } from './stats.ts'
import type { MaybePromise } from './store.ts'
import type { TierSwitch } from './tier-switch.ts'
import type { Cached, WrapOptions } from './wrap.ts'
import type { WriteResult } from './write.ts'

/**
 * A cache. Made by `createCache`; `namespace` makes more of them over the same tiers.
 *
 * Keys are strings, or arrays whose parts are escaped and joined: `['user', 42]` is `'user:42'`.
 */
export interface Cache extends AsyncDisposable {
  /** The cache's name, or `cache/namespace`. */
  readonly name: string
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
  get<V>(key: Key): Promise<V | undefined>

  /**
   * The values under several keys, in the order asked; what memory lacks is read in one round trip.
   * @example
   * ```ts
   * await cache.set('a', 1)
   * await cache.getMany(['b', 'a']) // [undefined, 1]
   * ```
   */
  getMany<V>(keys: readonly Key[]): Promise<(V | undefined)[]>

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
  getOrSet<V>(key: Key, loader: Loader<V>, options?: LoadOptions): Promise<V>

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
  getOrSetMany<K extends Key, V>(keys: readonly K[], loader: ManyLoader<K, V>, options?: ManyOptions<K, V>): Promise<(V | undefined)[]>

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
  getSync<V>(key: Key): V | undefined

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
  set<V>(key: Key, value: V, options?: EntryOptions): Promise<WriteResult>

  /**
   * Whether `get` would find a value.
   * @example
   * ```ts
   * await cache.has('nothing') // false
   * ```
   */
  has(key: Key): Promise<boolean>

  /**
   * Makes entries stale: they may still be served within `staleWhileRevalidate` and `staleIfError`.
   * @example
   * ```ts
   * await cache.set('page', 'old', { ttl: '1h', staleWhileRevalidate: '1m' })
   * await cache.expire({ keys: ['page'] })
   * await cache.getOrSet('page', () => 'new') // 'old'
   * ```
   */
  expire(target: Target): Promise<InvalidationResult>

  /**
   * Makes entries gone, everywhere. Nothing that was loaded before is served after this has resolved `applied`.
   *
   * @example
   * ```ts
   * await db.users.update(42, changes)
   * await cache.invalidate({ keys: [['user', 42]], tags: ['users'] })
   * ```
   */
  invalidate(target: Target): Promise<InvalidationResult>

  /**
   * Invalidates keys.
   * @example
   * ```ts
   * await cache.delete(['user', 42], 'front-page')
   * ```
   */
  delete(...keys: Key[]): Promise<InvalidationResult>

  /**
   * Invalidates all entries that carry one of the tags. Costs the same for a tag of one entry and for a tag of a million.
   * @example
   * ```ts
   * await cache.set('list', [1, 2], { tags: ['users'] })
   * await cache.invalidateTags('users')
   * await cache.get('list') // undefined
   * ```
   */
  invalidateTags(...tags: string[]): Promise<InvalidationResult>

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
  clear(): Promise<InvalidationResult>

  /**
   * A cached function. Its keys are `name` and the arguments; `options.key` names them yourself.
   * @example
   * ```ts
   * const square = cache.wrap('square', (n: number) => n * n, { ttl: '1h' })
   * await square(7) // 49
   * square.key(7) // 'square:7'
   * ```
   */
  wrap<A extends readonly unknown[], V>(name: string, fn: (...args: A) => MaybePromise<V | Loaded<V>>, options?: WrapOptions<A, V>): Cached<A, V>

  /**
   * The values of one source, by key: loads of one turn are batched, and changes go through the cache to the source.
   *
   * @throws ConfigError with every broken rule.
   * @example
   * ```ts
   * const users = cache.collection('users', {
   *   load: (id: number) => db.users.find(id),
   *   loadMany: (ids) => db.users.findMany(ids),
   *   write: (id, user) => db.users.save(id, user),
   *   ttl: '5m',
   * })
   * const [ada, grace] = await users.getMany([42, 43])
   * await users.set(43, { id: 43, name: 'Grace', team: 7 })
   * users.getSync(43) // { id: 43, name: 'Grace', team: 7 }
   * ```
   */
  collection<K, V>(name: string, options: CollectionOptions<K, V>): Collection<K, V>

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
  namespace(name: string): Cache

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
  use(source: InvalidationSource): () => Promise<void>

  /**
   * Takes one tier out of use and back, for incidents: `disable()` and `enable()`. `stats().tiers` has their names.
   *
   * @throws ConfigError for a name that no tier has.
   * @example
   * ```ts
   * cache.tier('memory').disable()
   * cache.tier('memory').enabled // false
   * cache.tier('memory').enable()
   * ```
   */
  tier(name: string): TierSwitch

  /**
   * Why a read of the key would be answered as it would: per tier its state, age (ms), stamps and lease. No value.
   * @example
   * ```ts
   * await cache.set('a', 1)
   * const { tiers } = await cache.explain('a')
   * tiers[0]?.because // 'served: fresh, and no tag is newer'
   * ```
   */
  explain(key: Key): Promise<Explanation>

  /**
   * Counts since the cache was created. Namespaces count together.
   * @example
   * ```ts
   * await cache.getOrSet('a', () => 1)
   * cache.stats().loads // { success: 1, error: 0, timeout: 0, active: 0 }
   * ```
   */
  stats(): CacheStats

  /**
   * Listens to an event. Returns what stops it. A listener that throws or rejects harms nobody.
   * @example
   * ```ts
   * const stop = cache.on('loadError', ({ key }) => console.warn(`loading ${key} failed`))
   * stop()
   * ```
   */
  on<E extends keyof CacheEvents>(event: E, listener: (event: CacheEvents[E]) => void): () => void

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
  ready(): Promise<void>

  /**
   * Ends sources and plugins, waits for loads, closes tiers and connections. Never rejects; a second call waits for the
   * first. `await using` does it at the end of a block.
   *
   * Takes no longer than 1 s each for sources, plugins and writes of collections, for loads, and for plain tiers, plus three
   * times the shared tier's `commandTimeout` (500 ms): two to hand over the invalidations that are queued, one to close
   * connections. Where a collection uses `writeBehind`, its `drain` (5 s) and half a second take the place of the first second.
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
  close(): Promise<void>
}
