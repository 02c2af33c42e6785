import { Redis } from 'ioredis'
import { createNotificationPair, type InMemoryCacheConfiguration, Loader, RedisCache } from 'layered-loader'
import type { Copy } from '../world/rows.ts'
import { BOUND_MS, type Library, type Load, MEMORY_ENTRIES, singleUrl, TTL_MS } from './subject.ts'

const CHANNEL = 'items'

/** Its groups are no tags: a key is in one, which its reader names. Every key is named. */
export const layeredLoader: Library = {
  name: 'layered-loader',
  tags: false,
  foreignMemory: BOUND_MS,
  isLiteral: false,
  async open(place, hasMemory) {
    const connect = (): Redis => new Redis(singleUrl(place), { maxRetriesPerRequest: null }).on('error', () => {})
    const clients = [connect(), ...(hasMemory ? [connect(), connect()] : [])]
    const [client, publisherRedis, consumerRedis] = clients as [Redis, Redis, Redis]
    const memory: InMemoryCacheConfiguration = { cacheType: 'lru-object', ttlInMsecs: TTL_MS, maxItems: MEMORY_ENTRIES }
    const pair = hasMemory ? createNotificationPair<Copy>({ channel: CHANNEL, publisherRedis, consumerRedis }) : undefined
    const loads = new Map<string, Load>()
    const loader = new Loader<Copy>({
      inMemoryCache: hasMemory && memory,
      asyncCache: new RedisCache<Copy>(client, { json: true, ttlInMsecs: TTL_MS }),
      ...(pair && { notificationPublisher: pair.publisher, notificationConsumer: pair.consumer }),
      dataSourceGetOneFn: async (key) => (await loads.get(key)!()).copy,
    })
    await loader.init()
    const read = async (key: string, load: Load): Promise<Copy | undefined> => {
      loads.set(key, load)
      return (await loader.get(key)) ?? undefined
    }
    return {
      async getOrSet(key, _tags, load, refresh) {
        if (refresh) await loader.invalidateCacheFor(key)
        return read(key, load)
      },
      get: async (key) => loader.getInMemoryOnly(key) ?? undefined,
      async set(key, copy) {
        await loader.forceSetValue(key, copy)
        return 'applied'
      },
      async invalidate({ keys }) {
        for (const key of keys) await loader.invalidateCacheFor(key)
        return 'applied'
      },
      async clear() {
        await loader.invalidateCache()
        return 'applied'
      },
      async close() {
        await loader.close()
        for (const each of clients) each.disconnect()
      },
    }
  },
}
