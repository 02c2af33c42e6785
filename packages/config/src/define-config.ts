import type { CachesConfig, Kind } from '@stratacache/core'

const registries = new WeakMap<object, readonly Kind[]>()

/**
 * A configuration in a TypeScript file, checked by the compiler as `createCaches` is. `loadConfig` finds the kinds that are
 * given here.
 *
 * @param options.registry kinds that `use` can name, beyond those of `@stratacache/core`.
 * @example
 * ```ts
 * const config = defineConfig(
 *   {
 *     tiers: { l1: { use: 'memory', maxEntries: 10_000 }, l2: { use: 'redis', url: '${REDIS_URL}' } },
 *     caches: { users: { tiers: ['l1', 'l2'], ttl: '5m' } },
 *   },
 *   { registry: [redis.fromConfig] },
 * )
 * await using caches = await loadConfig(config)
 * caches.names // ['users']
 * ```
 */
export function defineConfig<N extends string, T extends string = never, const R extends readonly Kind[] = readonly []>(
  config: CachesConfig<N, T, R[number]>,
  { registry }: { readonly registry?: R } = {},
): CachesConfig<N, T, R[number]> {
  if (registry !== undefined) registries.set(config, registry)
  return config
}

/** The kinds that a configuration was defined with. */
export const registryOf = (config: unknown): readonly Kind[] =>
  (typeof config === 'object' && config !== null && registries.get(config)) || []
