import { LRUCache } from 'lru-cache'
import type { User } from '../users.ts'
import { type Library, TTL_MS } from './library.ts'

export const lruFetch: Library = {
  name: 'lru-cache fetch',
  async open({ entries, load }) {
    const cache = new LRUCache<string, User>({ max: entries, ttl: TTL_MS, fetchMethod: async (key) => load(key) })
    return { read: (key) => cache.fetch(key), close: async () => {} }
  },
}

export const lruGet: Library = {
  name: 'lru-cache get with ttl',
  async open({ entries, load }) {
    const cache = new LRUCache<string, User | Promise<User>>({ max: entries, ttl: TTL_MS })
    return {
      read(key) {
        const user = cache.get(key)
        if (user !== undefined) return user
        const loaded = load(key)
        cache.set(key, loaded)
        return loaded
      },
      close: async () => {},
    }
  },
}
