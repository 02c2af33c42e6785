import type { SharedTier, TierKind } from '@stratacache/core'
import { sharedTier } from '@stratacache/core/shared'
import { ClusterStore } from './cluster-store.ts'
import { TIER_NAME } from './failure.ts'
import { type RedisConfig, redisConfig } from './from-config.ts'
import { type RedisOptions, resolveOptions } from './options.ts'
import { StandaloneStore } from './store.ts'

/**
 * The shared tier on Redis or Valkey: one server, the master that Sentinel names, or a Cluster.
 *
 * @throws ConfigError with all broken rules. Credentials in `url` are masked in it.
 * @example
 * ```ts
 * const cache = createCache({
 *   tiers: [memory({ maxEntries: 10_000 }), redis({ url: 'redis://localhost:6379' })],
 *   ttl: '5m',
 * })
 * ```
 */
export function redis(options: RedisOptions): SharedTier {
  const { encoding, store } = resolveOptions(options)
  return sharedTier({
    name: TIER_NAME,
    ...encoding,
    open: () => (store.cluster ? new ClusterStore(store) : new StandaloneStore(store)),
  })
}

export declare namespace redis {
  /**
   * `use: 'redis'` in a configuration: everything that is data, so a `url` and no `client`.
   *
   * @example
   * ```ts
   * await using caches = createCaches(
   *   {
   *     tiers: { l1: { use: 'memory', maxEntries: 1000 }, l2: { use: 'redis', url: '${REDIS_URL}', prefix: 'shop' } },
   *     caches: { users: { tiers: ['l1', 'l2'], ttl: '5m' }, pages: { tiers: ['l1', 'l2'], ttl: '1h' } },
   *   },
   *   { registry: [redis.fromConfig] },
   * )
   * caches.names // ['users', 'pages']
   * ```
   */
  export let fromConfig: TierKind<RedisConfig, 'redis'>
}

redis.fromConfig = { kind: 'tier', use: 'redis', options: redisConfig, create: redis }
