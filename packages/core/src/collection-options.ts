import type { Change, Written } from './change.ts'
import { ConfigError } from './error.ts'
import type { Key } from './key.ts'
import type { ManyLoader } from './load-batch.ts'
import type { Loaded, LoadContext, LoadOptions } from './loader.ts'
import { isFunction, OptionCheck } from './option-check.ts'
import { isReadStrategy, type ReadStrategy } from './read-strategy.ts'
import type { MaybePromise } from './store.ts'
import { isWriteStrategy, type WriteStrategy } from './write-strategy.ts'

/** What a writer is told. */
export interface WriterContext {
  /** The key as the cache knows it. */
  readonly key: string
}

type Load<K, V> = (key: K, context: LoadContext<V | undefined>) => MaybePromise<V | Loaded<V> | undefined>

/** Where a collection's values come from: one by one, several at once, or both. */
type CollectionLoaders<K, V> =
  | {
      /** Reads one value. `undefined`: the source has nothing. With `loadMany`, called for a key that is wanted alone. */
      readonly load: Load<K, V>
      /** Reads all that is wanted in one turn. */
      readonly loadMany?: ManyLoader<K, V> | undefined
    }
  | { readonly load?: undefined; readonly loadMany: ManyLoader<K, V> }

/** Options of a collection beside its loaders. Lifetimes and timeouts come before those of the cache. */
export interface CollectionSettings<K, V> extends Omit<LoadOptions, 'tags' | 'version' | 'refresh' | 'signal' | 'read'> {
  /** Changes one value in the source. What it returns is cached in place of `value`, with a `version` if it says one (`entry`). */
  readonly write?: ((key: K, value: V, context: WriterContext) => MaybePromise<Written<V>>) | undefined
  readonly remove?: ((key: K, context: WriterContext) => MaybePromise<void>) | undefined
  /** Makes several changes at once: the batches of `writeBehind`. At most one change of each key. */
  readonly writeMany?: ((changes: readonly Change<K, V>[]) => MaybePromise<void>) | undefined
  /** The key of an entry below the collection's name. Default: the key itself where it is a `Key`, else a stable text of it. */
  readonly key?: ((key: K) => Key) | undefined
  readonly tags?: readonly string[] | ((value: V, key: K) => readonly string[]) | undefined
  /** The most keys of one call of `loadMany`. Default: no limit. */
  readonly maxBatch?: number | undefined
  /** Default: that of the cache. */
  readonly readStrategy?: ReadStrategy | undefined
  /** Default: that of the cache, else `writeThrough()`. */
  readonly writeStrategy?: WriteStrategy | undefined
}

export type CollectionOptions<K, V> = CollectionSettings<K, V> & CollectionLoaders<K, V>

const LOAD_OPTIONS: readonly string[] = ['ttl', 'staleWhileRevalidate', 'staleIfError', 'negativeTtl', 'jitter', 'softTimeout', 'hardTimeout']
const FUNCTIONS = ['load', 'loadMany', 'write', 'remove', 'writeMany', 'key'] as const
const NAMES = [...LOAD_OPTIONS, ...FUNCTIONS, 'tags', 'maxBatch', 'readStrategy', 'writeStrategy']

/**
 * The rules of a collection's own options; those of loads are checked where they are merged.
 *
 * @throws ConfigError with all broken rules.
 */
export function checkCollection<K, V>(name: string, options: CollectionOptions<K, V>): void {
  if (typeof options !== 'object' || options === null) throw new ConfigError([{ option: 'options', rule: 'an object', value: options }])
  const check = new OptionCheck(`collection '${name}': `)
  check.known(options, NAMES)
  for (const option of FUNCTIONS) {
    const value: unknown = options[option]
    if (value !== undefined) check.value(option, value, isFunction, 'a function')
  }
  if (options.load === undefined && options.loadMany === undefined) check.broken('load', 'given, or loadMany', undefined)
  const { maxBatch = Infinity, writeStrategy, readStrategy } = options
  if (maxBatch !== Infinity) check.count('maxBatch', maxBatch)
  if (writeStrategy !== undefined) check.value('writeStrategy', writeStrategy, isWriteStrategy, 'a WriteStrategy')
  if (readStrategy !== undefined) check.value('readStrategy', readStrategy, isReadStrategy, 'a ReadStrategy')
  check.throwIfBroken()
}

/** What each load is told. Only what was given, so that a memory hit is not asked about what is not. */
export function loadOptionsOf<K, V>(options: CollectionOptions<K, V>): LoadOptions {
  const { tags, readStrategy } = options
  return {
    ...Object.fromEntries(Object.entries(options).filter(([name]) => LOAD_OPTIONS.includes(name))),
    ...(tags !== undefined && typeof tags !== 'function' && { tags }),
    ...(readStrategy !== undefined && { read: readStrategy }),
  }
}
