import type { Target } from '../invalidation.ts'
import { assertMethod, cacheFor, type CacheOf, inPlaceOf, type Known } from './decorated.ts'

/**
 * Invalidates when a method has ended. The caller gets the method's answer once the invalidation has resolved, `applied` or
 * `queued`. A method that throws invalidates too: an error does not mean that nothing was written.
 *
 * The caller gets the method's error before that of the invalidation, which may fail where `target` throws or the cache is closed.
 * Where the target depends on what the method answers, call `cache.invalidate` in it instead.
 *
 * @param cache a cache, or a function that finds it in `this`
 * @param target what to invalidate, or what makes it of the arguments; a `function` or a method has `this`
 * @throws ConfigError at the class, on something else than a method, and with `experimentalDecorators`.
 * @example
 * ```ts
 * class Users {
 *   @invalidates(cache, (id) => ({ keys: [['user', id]], tags: ['users'] }))
 *   async rename(id: number, name: string) {
 *     await db.users.update(id, { name })
 *   }
 * }
 * await cache.set(['user', 42], { name: 'Ada' })
 * await new Users().rename(42, 'Grace')
 * cache.getSync(['user', 42]) // undefined
 * ```
 */
export function invalidates<This, A extends readonly unknown[], R>(cache: CacheOf<This>, target: Target | ((this: This, ...args: Known<A>) => Target)) {
  const targetOf = target as Target | ((this: This, ...args: A) => Target)
  return (method: (this: This, ...args: A) => Promise<R>, context: ClassMethodDecoratorContext<This, typeof method>): ((this: This, ...args: A) => Promise<R>) => {
    assertMethod('@invalidates', method, context)
    return inPlaceOf(method, async function (this: This, ...args: A): Promise<R> {
      const invalidate = async (): Promise<unknown> => cacheFor(cache, this).invalidate(typeof targetOf === 'function' ? targetOf.call(this, ...args) : targetOf)
      let answer: R
      try {
        answer = await method.call(this, ...args)
      } catch (error) {
        await invalidate().catch(() => {})
        throw error
      }
      await invalidate()
      return answer
    })
  }
}
