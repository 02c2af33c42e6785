import { argumentsKey } from './argument-key.ts'
import type { InvalidationResult, Target } from './invalidation.ts'
import { type Key, keyText } from './key.ts'
import { type EntryOptions, type Loaded, type Loader, type LoadOptions, withTags } from './loader.ts'
import type { MaybePromise } from './store.ts'

/** Options of a wrapped function. */
export interface WrapOptions<A extends readonly unknown[], V> extends Omit<LoadOptions, 'tags'> {
  /** The key of a call, below the wrap's name. Default: a stable text of the arguments. */
  readonly key?: (...args: A) => Key
  readonly tags?: readonly string[] | ((value: V, ...args: A) => readonly string[])
}

/** A cached function. */
export interface Cached<A extends readonly unknown[], V> {
  (...args: A): Promise<V>
  /** The cache key of a call. */
  key(...args: A): string
  /** What memory has, without a promise. */
  getSync(...args: A): V | undefined
  /** Calls the function even if its result is cached. */
  refresh(...args: A): Promise<V>
  /** Caches a result without calling the function. */
  prime(value: V, ...args: A): Promise<void>
  expire(...args: A): Promise<InvalidationResult>
  delete(...args: A): Promise<InvalidationResult>
}

/** What wrapping needs of a cache. */
export interface Wrapping {
  getOrSet<V>(key: Key, loader: Loader<V>, options?: LoadOptions): Promise<V>
  getSync<V>(key: Key): V | undefined
  set<V>(key: Key, value: V, options?: EntryOptions): Promise<unknown>
  expire(target: Target): Promise<InvalidationResult>
  delete(...keys: Key[]): Promise<InvalidationResult>
}

/** Caches the results of a function. */
export function wrap<A extends readonly unknown[], V>(
  cache: Wrapping,
  name: string,
  fn: (...args: A) => MaybePromise<V | Loaded<V>>,
  options: WrapOptions<A, V> = {},
): Cached<A, V> {
  const { key: keyOf, tags, ...rest } = options
  const loadOptions: LoadOptions = typeof tags === 'function' || tags === undefined ? rest : { ...rest, tags }
  const prefix = keyText([name])
  const key = (...args: A): string => `${prefix}:${keyOf ? keyText(keyOf(...args)) : argumentsKey(args)}`
  const tagsOf = (value: V, args: A): readonly string[] => (typeof tags === 'function' ? tags(value, ...args) : [])
  const load = (args: A, callOptions: LoadOptions): Promise<V> =>
    cache.getOrSet<V>(key(...args), async () => withTags(await fn(...args), (value) => tagsOf(value, args)), callOptions)
  // Not async: a promise of a promise is a good part of what a hit costs.
  const call = (...args: A): Promise<V> => {
    try {
      return load(args, loadOptions)
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }
  return Object.assign(call, {
    key,
    getSync: (...args: A): V | undefined => cache.getSync<V>(key(...args)),
    refresh: async (...args: A): Promise<V> => load(args, { ...loadOptions, refresh: true }),
    prime: async (value: V, ...args: A): Promise<void> => {
      await cache.set(key(...args), value, { ...loadOptions, tags: [...(loadOptions.tags ?? []), ...tagsOf(value, args)] })
    },
    expire: async (...args: A) => cache.expire({ keys: [key(...args)] }),
    delete: async (...args: A) => cache.delete(key(...args)),
  })
}
