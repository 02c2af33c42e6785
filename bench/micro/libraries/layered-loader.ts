import { Redis } from 'ioredis'
import { type InMemoryCacheConfiguration, Loader, RedisCache } from 'layered-loader'
import type { User } from '../users.ts'
import { type Library, TTL_MS } from './library.ts'

export const layeredLoader: Library = {
  name: 'layered-loader get',
  async open({ entries, url, load }) {
    const client = url === undefined ? undefined : new Redis(url)
    const memory: InMemoryCacheConfiguration = { cacheType: 'lru-object', ttlInMsecs: TTL_MS, maxItems: entries }
    const loader = new Loader<User>({
      inMemoryCache: entries > 0 && memory,
      ...(client && { asyncCache: new RedisCache<User>(client, { json: true, ttlInMsecs: TTL_MS }) }),
      dataSourceGetOneFn: async (key) => load(key),
    })
    return {
      read: (key) => loader.get(key),
      async close() {
        await loader.close()
        client?.disconnect()
      },
    }
  },
}
