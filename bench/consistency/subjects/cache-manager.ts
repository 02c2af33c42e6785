import { createKeyv as createRedisKeyv } from '@keyv/redis'
import { createCache } from 'cache-manager'
import type { Copy } from '../world/rows.ts'
import { BOUND_MS, type Library, singleUrl, TTL_MS } from './subject.ts'

/** It has no bus: other processes keep what they have until it ends. */
export const cacheManager: Library = {
  name: 'cache-manager',
  tags: false,
  foreignMemory: BOUND_MS,
  isLiteral: false,
  async open(place, hasMemory) {
    const shared = createRedisKeyv(singleUrl(place))
    shared.on('error', () => {})
    const cache = createCache({ stores: [...(hasMemory ? [createCache().stores[0]!] : []), shared], ttl: TTL_MS })
    return {
      async getOrSet(key, _tags, load, refresh) {
        if (refresh) {
          const { copy } = await load()
          return cache.set(key, copy)
        }
        return cache.wrap(key, async () => (await load()).copy)
      },
      get: (key) => cache.get<Copy>(key),
      async set(key, copy) {
        await cache.set(key, copy)
        return 'applied'
      },
      async invalidate({ keys }) {
        await cache.mdel([...keys])
        return 'applied'
      },
      async clear() {
        await cache.clear()
        return 'applied'
      },
      async close() {
        await cache.disconnect()
      },
    }
  },
}
