import { argumentsKey } from './argument-key.ts'
import type { Change, Written } from './change.ts'
import { type CollectionOptions, loadOptionsOf, type WriterContext } from './collection-options.ts'
import { ClosedError, ConfigError } from './error.ts'
import type { CacheEvents } from './events.ts'
import type { InvalidationResult, Target } from './invalidation.ts'
import { type Key, keyText, partText } from './key.ts'
import { LoadBatch, type OneLoaded } from './load-batch.ts'
import { type EntryOptions, type LoadContext, type Loader, type LoadOptions, withTags } from './loader.ts'
import type { MaybePromise } from './store.ts'
import { Turns } from './turns.ts'
import type { WriteContext, WriteStrategy } from './write-strategy.ts'

/** What a collection needs of its cache. */
export interface Collecting {
  readonly name: string
  getOrSet<V>(key: Key, loader: Loader<V>, options?: LoadOptions): Promise<V>
  getSync<V>(key: Key): V | undefined
  set<V>(key: Key, value: V, options?: EntryOptions): Promise<unknown>
  setAfter(key: string, write: () => Promise<unknown>, options: EntryOptions): Promise<void>
  invalidate(target: Target): Promise<InvalidationResult>
  onClose(teardown: () => MaybePromise<void>, patienceMs?: number): void
}

/** What a collection is made of. */
export interface CollectionParts<K, V> {
  readonly cache: Collecting
  readonly name: string
  readonly options: CollectionOptions<K, V>
  readonly strategy: WriteStrategy
  readonly seams: Pick<WriteContext<K, V>, 'path' | 'clock' | 'random' | 'journal'>
  /** A change failed whose caller is gone. */
  readonly onWriteError: (message: CacheEvents['writeError']) => void
}

/**
 * The cached values of one source, by key, read and written through the cache. Made by `cache.collection`. Entries are
 * stored under the collection's name and the key: `['users', 42]` is entry 42 of the collection `users`.
 */
export class Collection<K, V> {
  readonly name: string
  readonly #prefix: string
  readonly #cache: Collecting
  readonly #options: CollectionOptions<K, V>
  readonly #load: LoadOptions
  readonly #batch: LoadBatch<K, V> | undefined
  readonly #strategy: WriteStrategy
  readonly #context: WriteContext<K, V>
  readonly #turns = new Turns()
  #closing = false

  /** @internal */
  constructor({ cache, name, options, strategy, seams, onWriteError }: CollectionParts<K, V>) {
    const { load, loadMany, maxBatch = Infinity } = options
    this.name = name
    this.#prefix = `${keyText([name])}:`
    this.#cache = cache
    this.#options = options
    this.#load = loadOptionsOf(options)
    this.#batch = loadMany && new LoadBatch({ load, loadMany, limit: maxBatch, keyText: (key) => this.#text(key) })
    this.#strategy = strategy
    this.#context = {
      name,
      ...seams,
      keyText: (key) => this.#text(key),
      toSource: async (change) => this.#toSource(change),
      manyToSource: (changes) => this.#manyToSource(changes),
      toCacheAfter: (change, write) => this.#toCacheAfter(change, write),
      toCache: (change) => this.#toCache(change),
      failed: ({ key }, error, attempts) => onWriteError({ collection: name, key: this.#text(key), error, attempts }),
      invalidate: async (key) => void (await cache.invalidate({ keys: [this.#text(key)] })),
    }
    strategy.attach?.(this.#context)
    cache.onClose(() => this.#close(), strategy.closeTimeoutMs)
  }

  /**
   * The value under a key: from a tier, or loaded. `undefined`: the source has nothing.
   *
   * @throws what the loader throws, unless a stale value may be served; LoadTimeoutError after `hardTimeout`.
   */
  get(key: K): Promise<V | undefined> {
    try {
      const pending = this.#strategy.pending?.(key, this.#context)
      if (pending !== undefined) return Promise.resolve(valueOf(pending))
      return this.#cache.getOrSet(this.#text(key), (context) => this.#loadOne(key, context), this.#load)
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  /**
   * The values under several keys, in the order asked, with one call of `loadMany` for those that no tier has.
   *
   * @throws when one of them cannot be loaded. To have the others nevertheless: `Promise.allSettled(keys.map((key) => users.get(key)))`,
   * which is one batch as well.
   */
  getMany(keys: readonly K[]): Promise<(V | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)))
  }

  /** The value that memory has, without a promise. */
  getSync(key: K): V | undefined {
    const pending = this.#strategy.pending?.(key, this.#context)
    return pending === undefined ? this.#cache.getSync<V>(this.#text(key)) : valueOf(pending)
  }

  /**
   * Changes a value in the source and in the cache, in the order that the write strategy says. Without a writer: in the
   * cache alone. Changes of one key are made one after another.
   *
   * @throws what the writer throws; ConfigError for `undefined`, and where only `remove` is given; ClosedError after `close()`.
   */
  async set(key: K, value: V, options?: EntryOptions): Promise<void> {
    if (value === undefined) throw new ConfigError([{ option: 'value', rule: 'defined: delete removes', value }])
    await this.#change({ type: 'set', key, value, ...(options !== undefined && { options }) }, this.#options.write !== undefined)
  }

  /**
   * Removes a value from the source and from the cache. Without a writer: from the cache alone.
   *
   * @throws what the writer throws; ConfigError where only `write` is given; ClosedError after `close()`.
   */
  async delete(key: K): Promise<void> {
    await this.#change({ type: 'remove', key }, this.#options.remove !== undefined)
  }

  /** Makes entries gone, everywhere. The source is not touched. */
  async invalidate(...keys: K[]): Promise<InvalidationResult> {
    return this.#cache.invalidate({ keys: keys.map((key) => this.#text(key)) })
  }

  /** Loads a value even if it is cached. */
  async refresh(key: K): Promise<V | undefined> {
    return this.#cache.getOrSet(this.#text(key), (context) => this.#loadOne(key, context), { ...this.#load, refresh: true })
  }

  /** Resolves when the source has every change that was accepted before: with `writeBehind`, which queues them. */
  async flush(): Promise<void> {
    await this.#strategy.flush?.(this.#context)
  }

  #text(key: K): string {
    const { key: keyOf } = this.#options
    const named: unknown = keyOf === undefined ? key : keyOf(key)
    if (isPart(named)) return this.#prefix + partText(named)
    if (Array.isArray(named) && named.every(isPart)) return keyText([this.name, ...(named as string[])])
    return this.#prefix + argumentsKey([named])
  }

  async #loadOne(key: K, context: LoadContext<V | undefined>): Promise<OneLoaded<V>> {
    const answer = await (this.#batch === undefined ? this.#options.load!(key, context) : this.#batch.load(key, context))
    return this.#tagged(key, answer)
  }

  #tagged(key: K, answer: OneLoaded<V>): OneLoaded<V> {
    const { tags } = this.#options
    return typeof tags === 'function' && answer !== undefined ? withTags(answer, (value) => tags(value, key)) : answer
  }

  async #change(change: Change<K, V>, isWritable: boolean): Promise<void> {
    if (this.#closing) throw new ClosedError(this.#cache.name)
    const { write, remove, writeMany } = this.#options
    if (write === undefined && remove === undefined && writeMany === undefined) return this.#toCache(change)
    if (!isWritable && writeMany === undefined) {
      const option = change.type === 'set' ? 'write' : 'remove'
      throw new ConfigError([{ option: `collection '${this.name}': ${option}`, rule: `given, or writeMany, for ${change.type === 'set' ? 'set' : 'delete'}`, value: undefined }])
    }
    await this.#turns.run(this.#text(change.key), async () => this.#strategy.write(change, this.#context))
  }

  async #toSource(change: Change<K, V>): Promise<Written<V>> {
    const { write, remove, writeMany } = this.#options
    const context: WriterContext = { key: this.#text(change.key) }
    if (change.type === 'set' && write !== undefined) return write(change.key, change.value, context)
    if (change.type === 'remove' && remove !== undefined) return remove(change.key, context)
    return writeMany!([change])
  }

  async #manyToSource(changes: readonly Change<K, V>[]): Promise<readonly PromiseSettledResult<Written<V>>[]> {
    const { writeMany } = this.#options
    if (writeMany === undefined) return Promise.allSettled(changes.map((change) => this.#toSource(change)))
    const [all] = await Promise.allSettled([(async () => writeMany(changes))()])
    return changes.map(() => all)
  }

  async #toCacheAfter(change: Change<K, V>, write: () => MaybePromise<Written<V>>): Promise<void> {
    const text = this.#text(change.key)
    if (change.type === 'remove') {
      await write()
      await this.#cache.invalidate({ keys: [text] })
      return
    }
    const outcome = async (): Promise<OneLoaded<V>> => this.#tagged(change.key, (await write()) ?? change.value)
    await this.#cache.setAfter(text, outcome, this.#entryOptions(change.options))
  }

  async #toCache(change: Change<K, V>): Promise<void> {
    const text = this.#text(change.key)
    if (change.type === 'remove') return void (await this.#cache.invalidate({ keys: [text] }))
    const { tags } = this.#options
    const own = typeof tags === 'function' ? tags(change.value, change.key) : []
    await this.#cache.set(text, change.value, this.#entryOptions(change.options, own))
  }

  /** Tags add up, the rest is what was said last. */
  #entryOptions(options: EntryOptions | undefined, tags: readonly string[] = []): EntryOptions {
    const all = [...(this.#load.tags ?? []), ...(options?.tags ?? []), ...tags]
    return { ...this.#load, ...options, ...(all.length > 0 && { tags: [...new Set(all)] }) }
  }

  async #close(): Promise<void> {
    this.#closing = true
    // Together: those who wait for room in a queue wait for it to be emptied.
    await Promise.all([Promise.allSettled(this.#turns.under()), this.#strategy.close?.(this.#context)])
  }
}

const valueOf = <K, V>(change: Change<K, V>): V | undefined => (change.type === 'set' ? change.value : undefined)

const isPart = (key: unknown): key is string | number | bigint | boolean => typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean'
