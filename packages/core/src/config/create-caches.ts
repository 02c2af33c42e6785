import { createCache } from '../create-cache.ts'
import type { Cache } from '../cache.ts'
import { ConfigError } from '../error.ts'
import { BUILT_IN } from './built-in.ts'
import { Caches } from './caches.ts'
import type { CachesConfig } from './document.ts'
import type { Environment } from './environment.ts'
import { type Kind, Kinds } from './kind.ts'
import { type Parts, type Plan, planCaches } from './plan.ts'

/** What a configuration needs besides its data. */
export interface CachesOptions<R extends readonly Kind[] = readonly Kind[]> extends Parts {
  /** Kinds that `use` can name, beyond memory and the strategies of this package: `[redis.fromConfig]`. */
  readonly registry?: R | undefined
  /** Where variables are looked up. Default `process.env`. */
  readonly env?: Environment | undefined
}

/**
 * Creates caches from data. Each tier is made once: the caches that name it share its connections. A text may hold
 * variables of the environment, `${NAME}` or `${NAME:-default}`.
 *
 * Creates all or none.
 *
 * @throws ConfigError with every mistake and its path, in `issues`.
 * @example
 * ```ts
 * await using caches = createCaches({
 *   defaults: { ttl: '5m', staleIfError: '1h' },
 *   tiers: { l1: { use: 'memory', maxEntries: '${MAX_ENTRIES:-10000}' } },
 *   caches: {
 *     users: { tiers: ['l1'], read: 'refreshAhead' },
 *     pages: { tiers: ['l1'], ttl: '1h', memory: { maxEntries: 100 } },
 *   },
 * })
 * await caches.get('pages').getOrSet('/', () => '<html>') // '<html>'
 * caches.get('users').stats().memory?.maxEntries // 10_000
 * ```
 */
export function createCaches<N extends string, T extends string = never, const R extends readonly Kind[] = readonly []>(
  config: CachesConfig<N, T, R[number]>,
  { registry, env = process.env, ...parts }: CachesOptions<R> = {},
): Caches<N> {
  const { plan, issues } = planCaches(config, new Kinds([...BUILT_IN, ...(registry ?? [])]), env, parts)
  if (plan === undefined) throw new ConfigError(issues)
  return openCaches(plan)
}

/** Creates what was planned, all or nothing: a plugin may still fail. */
export function openCaches<N extends string>(plan: Plan): Caches<N> {
  const caches = new Map<N, Cache>()
  try {
    for (const config of plan.caches) caches.set(config.name as N, createCache(config))
  } catch (error) {
    for (const cache of caches.values()) void cache.close()
    throw error
  }
  return new Caches(caches)
}
