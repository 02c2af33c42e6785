import { createKeyv as createRedisKeyv } from '@keyv/redis'
import { createCache } from 'cache-manager'
import type { Keyv } from 'keyv'
import { type Library, TTL_MS } from './library.ts'

/** Its own memory store, which is the fastest it has: a Map without a bound, and nothing serialized. */
const memoryStore = (): Keyv => createCache().stores[0]!

export const cacheManager: Library = {
  name: 'cache-manager wrap',
  async open({ entries, url, load }) {
    const stores = [...(entries > 0 ? [memoryStore()] : []), ...(url === undefined ? [] : [createRedisKeyv(url)])]
    const cache = createCache({ stores, ttl: TTL_MS })
    return {
      read: (key) => cache.wrap(key, async () => load(key)),
      close: () => cache.disconnect(),
    }
  },
}
