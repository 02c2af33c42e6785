import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import { type Arm, TTL_MS } from './arm.ts'
import { BENTOCACHE } from './names.ts'

export const bentocache: Arm = {
  name: BENTOCACHE,
  isCache: true,
  isCoherent: false,
  async open({ memory, redisUrl, load }) {
    const { hostname: host, port } = new URL(redisUrl)
    // Handing out by reference breaks in front of Redis (its issue 111).
    const store = bentostore()
      .useL1Layer(memoryDriver({ maxItems: memory, serialize: true }))
      .useL2Layer(redisDriver({ connection: new Redis(redisUrl) }))
      .useBus(redisBusDriver({ connection: { host, port: Number(port) } }))
    const bento = new BentoCache({ default: 'rows', ttl: TTL_MS, stores: { rows: store } })
    return {
      read: (id) => bento.getOrSet({ key: `row:${id}`, factory: () => load(id) }),
      invalidate: (id) => bento.delete({ key: `row:${id}` }),
      close: () => bento.disconnectAll(),
    }
  },
}
