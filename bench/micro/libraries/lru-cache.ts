import { LRUCache } from 'lru-cache'
import { KEYS, type User } from '../users.ts'
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
    const cache = new LRUCache<string, User>({ max: entries, ttl: TTL_MS })
    for (const key of KEYS) cache.set(key, await load(key))
    return { read: (key) => cache.get(key), close: async () => {} }
  },
}
