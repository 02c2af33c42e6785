import { createKeyv as createRedisKeyv } from '@keyv/redis'
import { Cacheable, createKeyv } from 'cacheable'
import { type Library, TTL_MS } from './library.ts'

export const cacheable: Library = {
  name: 'cacheable getOrSet',
  async open({ entries, url, load }) {
    // It cannot do without memory. Its clones are turned off, or it would take twice as long.
    const primary = createKeyv({ lruSize: Math.max(entries, 1), useClone: false })
    const cache = new Cacheable({ ttl: TTL_MS, primary, ...(url !== undefined && { secondary: createRedisKeyv(url) }) })
    return {
      read: (key) => cache.getOrSet(key, async () => load(key)),
      close: () => cache.disconnect(),
    }
  },
}
