import { Cache } from './cache.ts'
import { Engine } from './engine.ts'
import { ConfigError } from './error.ts'
import { type CacheSettings, resolveSettings } from './options.ts'
import { openSharedTier } from './shared-registry.ts'
import type { MaybePromise } from './store.ts'

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
 * @throws ConfigError with every broken rule.
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
  const last = settings.tiers.at(-1)!
  const engine = new Engine(settings, last.kind === 'shared' ? openSharedTier(last, settings) : undefined)
  const cache = new Cache(engine, engine.root)
  for (const plugin of plugins) {
    const teardown = plugin.setup(cache)
    if (teardown) cache.onClose(teardown)
  }
  return cache
}
