import type { Cache } from '../cache.ts'
import { ConfigError } from '../error.ts'
import { choiceRule } from './check.ts'

/**
 * The caches of a configuration. Made by `createCaches`, and by `loadConfig` of `@stratacache/config`.
 *
 * @typeParam N their names
 */
export class Caches<N extends string = string> implements AsyncDisposable, Iterable<Cache> {
  readonly #caches: ReadonlyMap<string, Cache>

  /** @internal */
  constructor(caches: ReadonlyMap<N, Cache>) {
    this.#caches = caches
  }

  /** In the order of the configuration. */
  get names(): readonly N[] {
    return [...this.#caches.keys()] as N[]
  }

  /**
   * One of them.
   *
   * @throws ConfigError for a name that the configuration does not have.
   * @example
   * ```ts
   * await using caches = createCaches({ caches: { users: { ttl: '5m' }, pages: { ttl: '1h' } } })
   * await caches.get('users').getOrSet(['user', 42], () => 'Ada') // 'Ada'
   * caches.names // ['users', 'pages']
   * ```
   */
  get(name: N): Cache {
    const cache = this.#caches.get(name)
    if (cache !== undefined) return cache
    throw new ConfigError([{ option: 'name', rule: choiceRule(name, this.names), value: name }])
  }

  [Symbol.iterator](): Iterator<Cache> {
    return this.#caches.values()
  }

  /**
   * Resolves when every cache is: see `Cache.ready`.
   *
   * @throws ClosedError when they are closed, before or meanwhile.
   * @example
   * ```ts
   * await using caches = createCaches({ caches: { users: { ttl: '5m' } } })
   * await caches.ready()
   * ```
   */
  async ready(): Promise<void> {
    await Promise.all([...this].map((cache) => cache.ready()))
  }

  /**
   * Closes every cache; the last one of a shared tier closes its connections. Never rejects; may be called again.
   *
   * @example
   * ```ts
   * const caches = createCaches({ caches: { users: { ttl: '5m' } } })
   * await caches.close()
   * await caches.get('users').get('a').catch((error: { code: string }) => error.code) // 'STRATA_CLOSED'
   * ```
   */
  async close(): Promise<void> {
    await Promise.all([...this].map((cache) => cache.close()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
