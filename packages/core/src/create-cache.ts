import type { Cache } from './cache.ts'
import { connectorOf, type SharedConnection } from './connectors.ts'
import { Engine } from './engine.ts'
import { ConfigError } from './error.ts'
import { type CacheSettings, type ResolvedSettings, resolveSettings } from './options.ts'
import type { MaybePromise } from './store.ts'
import { TieredCache } from './tiered-cache.ts'

/** Everything a cache can be told. */
export interface CacheConfig extends CacheSettings {
  readonly plugins?: readonly Plugin[] | undefined
}

/** Extends a cache: `setup` runs when it is created, what it returns when it is closed. */
export interface Plugin {
  readonly name: string
  setup(cache: Cache): void | (() => MaybePromise<void>)
}

/**
 * Creates a cache. Without options: a memory tier of 1000 entries that live until they are invalidated or evicted.
 *
 * @throws ConfigError with every broken rule; what a plugin throws.
 * @example
 * ```ts
 * const cache = createCache({ ttl: '5m' })
 * const user = await cache.getOrSet(['user', 42], () => loadUser(42))
 * await cache.delete(['user', 42])
 * ```
 */
export function createCache(config: CacheConfig = {}): Cache {
  const settings = resolveSettings(config)
  const plugins = config.plugins ?? []
  if (!plugins.every((plugin) => typeof plugin?.setup === 'function')) {
    throw new ConfigError([{ option: 'plugins', rule: 'an array of { name, setup }', value: plugins }])
  }
  const connection = connect(settings)
  const engine = new Engine(settings, connection)
  const cache = new TieredCache(engine, engine.root, connection?.attach(engine))
  try {
    for (const plugin of plugins) {
      const teardown = plugin.setup(cache)
      if (teardown) cache.onClose(teardown)
    }
  } catch (error) {
    // Nobody else can: it would hold its shared tier for ever.
    void cache.close()
    throw error
  }
  return cache
}

function connect(settings: ResolvedSettings): SharedConnection | undefined {
  const index = settings.tiers.length - 1
  const tier = settings.tiers[index]!
  if (tier.kind !== 'shared') return undefined
  const connector = connectorOf(tier)
  if (connector) return connector(settings)
  throw new ConfigError([{ option: `tiers[${index}]`, rule: 'made by sharedTier of this copy of @stratacache/core', value: tier }])
}
