import { type Caches, type CachesConfig, type CachesOptions, ConfigError, type Kind } from '@stratacache/core'
import { openCaches } from '@stratacache/core/config'
import { prepare } from './prepare.ts'

/**
 * Creates caches from a file, or from an object as `createCaches` does. Files are `.yaml`, `.yml`, `.json`, or a module
 * with a default export: `.ts`, `.mts`, `.js`, `.mjs`. A relative name begins at the working directory.
 *
 * A `use` that is not in the registry is looked for by its name, from the file's folder: `use: redis` is
 * `redis.fromConfig` of `@stratacache/redis`.
 *
 * @param options.registry kinds that `use` can name, beyond those that are found.
 * @param options.env where variables are looked up. Default `process.env`.
 * @throws ConfigError with every mistake, its path, and its place in the file; what a module itself throws.
 * @example
 * ```ts
 * await using caches = await loadConfig({ caches: { users: { ttl: '5m' } } })
 * await caches.get('users').getOrSet(['user', 42], () => 'Ada') // 'Ada'
 * ```
 */
export async function loadConfig<N extends string, T extends string = never, const R extends readonly Kind[] = readonly []>(
  config: CachesConfig<N, T, R[number]>,
  options?: CachesOptions<R>,
): Promise<Caches<N>>
export async function loadConfig(file: string | URL, options?: CachesOptions): Promise<Caches>
export async function loadConfig(source: string | URL | object, options: CachesOptions = {}): Promise<Caches> {
  const { outcome } = await prepare(source, options)
  if (outcome.plan === undefined) throw new ConfigError(outcome.issues)
  return openCaches(outcome.plan)
}
