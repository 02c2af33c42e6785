import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { type Arm, TTL_MS } from './arm.ts'
import { STRATACACHE } from './names.ts'

export const stratacache: Arm = {
  name: STRATACACHE,
  isCache: true,
  isCoherent: true,
  async open({ memory: maxEntries, redisUrl, load }) {
    const cache = createCache({ tiers: [memory({ maxEntries }), redis({ url: redisUrl })], ttl: TTL_MS })
    await cache.ready()
    return {
      read: (id) => cache.getOrSet(`row:${id}`, () => load(id)),
      invalidate: (id) => cache.delete(`row:${id}`),
      close: () => cache.close(),
    }
  },
}
