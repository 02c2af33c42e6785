import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import type { Copy } from '../world/rows.ts'
import { BOUND_MS, type Library, MEMORY_ENTRIES, STALE_MS, singleUrl, TTL_MS } from './subject.ts'

export const bentocache: Library = {
  name: 'bentocache',
  tags: true,
  foreignMemory: BOUND_MS,
  isLiteral: false,
  async open(place, hasMemory) {
    const { hostname: host, port } = new URL(singleUrl(place))
    const connection = new Redis({ host, port: Number(port), maxRetriesPerRequest: 1 })
    connection.on('error', () => {})
    const store = bentostore()
    if (hasMemory) store.useL1Layer(memoryDriver({ maxItems: MEMORY_ENTRIES, serialize: true }))
    store.useL2Layer(redisDriver({ connection }))
    if (hasMemory) store.useBus(redisBusDriver({ connection: { host, port: Number(port) } }))
    const bento = new BentoCache({ default: 'items', ttl: TTL_MS, grace: STALE_MS, stores: { items: store } })
    return {
      getOrSet: (key, tags, load, refresh) =>
        bento.getOrSet<Copy>({
          key,
          tags: [...tags],
          forceFresh: refresh,
          factory: async (context) => {
            const found = await load()
            context.setTags([...tags, ...found.tags])
            return found.copy
          },
        }),
      get: (key) => bento.get<Copy>({ key }),
      async set(key, copy) {
        await bento.set({ key, value: copy })
        return 'applied'
      },
      async invalidate({ keys, tags }) {
        if (keys.length > 0) await bento.deleteMany({ keys: [...keys] })
        if (tags.length > 0) await bento.deleteByTag({ tags: [...tags] })
        return 'applied'
      },
      expire: async (key) => void (await bento.expire({ key })),
      async clear() {
        await bento.clear()
        return 'applied'
      },
      close: () => bento.disconnectAll(),
    }
  },
}
