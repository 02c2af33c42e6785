import { CACHE_ASIDE, type ReadStrategy } from '../read-strategy.ts'

/**
 * Loads on a miss and lets a fresh hit be: the default. What happens past the ttl is a matter of the entry's
 * options (`staleWhileRevalidate`, `staleIfError`).
 *
 * @example
 * ```ts
 * const cache = createCache({ ttl: '5m', read: cacheAside() })
 * ```
 */
export const cacheAside = (): ReadStrategy => CACHE_ASIDE
