import type { EventEmitter } from 'node:events'
import { createKeyv as createRedisKeyv } from '@keyv/redis'
import { RedisMessageProvider } from '@qified/redis'
import { Cacheable, createKeyv } from 'cacheable'
import { Qified } from 'qified'
import type { Copy } from '../world/rows.ts'
import { BOUND_MS, type Library, MEMORY_ENTRIES, singleUrl, TTL_MS } from './subject.ts'

/** Its tags are no use with `getOrSet`, so every key is named. */
export const cacheable: Library = {
  name: 'cacheable',
  tags: false,
  foreignMemory: BOUND_MS,
  isLiteral: false,
  alwaysHasMemory: true,
  async open(place, hasMemory) {
    const url = singleUrl(place)
    const secondary = createRedisKeyv(url)
    secondary.on('error', () => {})
    // It cannot do without memory: one entry.
    const primary = createKeyv({ lruSize: hasMemory ? MEMORY_ENTRIES : 1 })
    const sync = hasMemory ? { sync: { qified: new Qified({ messageProviders: [busOf(url)] }) } } : {}
    const cache = new Cacheable({ ttl: TTL_MS, primary, secondary, ...sync })
    cache.on('error', () => {})
    return {
      async getOrSet(key, _tags, load, refresh) {
        if (refresh) {
          const { copy } = await load()
          await cache.set(key, copy)
          return copy
        }
        return cache.getOrSet<Copy>(key, async () => (await load()).copy, { throwErrors: true })
      },
      get: (key) => cache.get<Copy>(key),
      async set(key, copy) {
        await cache.set(key, copy)
        return 'applied'
      },
      async invalidate({ keys }) {
        await cache.deleteMany([...keys])
        return 'applied'
      },
      async clear() {
        await cache.clear()
        return 'applied'
      },
      close: () => cache.disconnect(),
    }
  },
}

/** Nobody listens to the errors of its connections: the first one that is lost would end the process. */
function busOf(uri: string): RedisMessageProvider {
  const bus = new RedisMessageProvider({ uri })
  const { pub, sub } = bus as unknown as Record<'pub' | 'sub', EventEmitter>
  for (const connection of [pub, sub]) connection.on('error', () => {})
  return bus
}
