import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import { type Library, TTL_MS } from './library.ts'

export const bentocache: Library = {
  name: 'bentocache getOrSet',
  async open({ entries, url, load }) {
    const store = bentostore()
    // Handing out by reference is much faster, and breaks in front of Redis (its issue 111).
    const serialize = url !== undefined
    if (entries > 0) store.useL1Layer(memoryDriver({ maxItems: entries, serialize }))
    if (url !== undefined) store.useL2Layer(redisDriver({ connection: new Redis(url) }))
    const bento = new BentoCache({ default: 'users', stores: { users: store } })
    return {
      read: (key) => bento.getOrSet({ key, ttl: TTL_MS, factory: async () => load(key) }),
      close: () => bento.disconnectAll(),
    }
  },
}
