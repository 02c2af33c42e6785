import { argumentsKey } from '../argument-key.ts'
import type { Cache } from '../cache.ts'
import { assertName, type Key } from '../key.ts'
import type { Loaded, LoadOptions } from '../loader.ts'
import type { MaybePromise } from '../store.ts'
import type { Cached } from '../wrap.ts'
import { assertMethod, cacheFor, type CacheOf, inPlaceOf, type Known } from './decorated.ts'

/** Options of `@cached`: those of a load, and what the entries are called. */
export interface CachedOptions<This, A extends readonly unknown[], V> extends Omit<LoadOptions, 'tags'> {
  /**
   * Begins the keys of the method. It has to be said: a minifier changes the names of classes, and so keys from one build to the
   * next, and two classes may have a method of the same name. One for each method: where a method and the `super` method it calls
   * have the same, a call waits for itself until `hardTimeout`.
   */
  readonly name: string
  /** The key of a call, below `name`. Default: a stable text of the arguments. A `function` or a method has `this`. */
  readonly key?: ((this: This, ...args: A) => Key) | undefined
  /** A `function` or a method has `this`. */
  readonly tags?: readonly string[] | ((this: This, value: V, ...args: A) => readonly string[]) | undefined
}

/**
 * Caches what a method answers, as `cache.wrap` does for a function: one call at a time for each key. All instances of the class
 * share the entries; where the answer depends on the instance, `key` says so.
 *
 * The method answers a promise from then on. TypeScript therefore refuses it on methods whose type says otherwise, and on
 * accessors, fields and classes. Static, private and inherited methods are methods like others.
 *
 * @param cache a cache, or a function that finds it in `this`, for caches that are made later (dependency injection)
 * @throws ConfigError at the class for an empty `name`, on something else than a method, and with `experimentalDecorators`.
 * @example
 * ```ts
 * class Users {
 *   @cached(cache, { name: 'user', ttl: '5m', tags: (user) => [`team:${user.team}`] })
 *   async find(id: number) {
 *     return db.users.find(id)
 *   }
 * }
 * await new Users().find(42)
 * cache.getSync('user:42') // { id: 42, name: 'Ada', team: 7 }
 * await cache.invalidateTags('team:7')
 * cache.getSync('user:42') // undefined
 * ```
 */
export function cached<This, A extends readonly unknown[], V>(cache: CacheOf<This>, options: CachedOptions<This, Known<A>, NoInfer<V>>) {
  const { name, key, tags, ...load } = options as CachedOptions<This, A, V>
  assertName(name)
  return (method: (this: This, ...args: A) => MaybePromise<V | Loaded<V>>, context: ClassMethodDecoratorContext<This, typeof method>): ((this: This, ...args: A) => Promise<NoInfer<V>>) => {
    assertMethod('@cached', method, context)
    // The object that a method is called on is the first argument of the cached function.
    const wrapped = (of: Cache): Cached<[This, ...A], V> =>
      of.wrap<[This, ...A], V>(name, (self, ...args) => method.apply(self, args), {
        ...load,
        key: (self, ...args) => (key === undefined ? argumentsKey(args) : key.apply(self, args)),
        ...(tags !== undefined && { tags: typeof tags === 'function' ? (value: V, self: This, ...args: A) => tags.call(self, value, ...args) : tags }),
      })
    const byCache = new WeakMap<Cache, Cached<[This, ...A], V>>()
    const wrappedBy = (of: Cache): Cached<[This, ...A], V> => {
      let known = byCache.get(of)
      if (known === undefined) byCache.set(of, (known = wrapped(of)))
      return known
    }
    async function call(this: This, ...args: A): Promise<V> {
      return wrappedBy(cacheFor(cache, this))(this, ...args)
    }
    return inPlaceOf(method as typeof call, call)
  }
}
