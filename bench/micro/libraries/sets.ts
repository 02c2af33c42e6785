import { createCache, memory } from '@stratacache/core'
import { LRUCache } from 'lru-cache'
import type { User } from '../users.ts'
import { type Library, TTL_MS } from './library.ts'

/** Many times as many as fit: hardly any comes back before it was given up. */
const POOL = 500_000

export const lruSet: Library = {
  name: 'lru-cache set',
  async open({ entries, load }) {
    const cache = new LRUCache<string, User>({ max: entries, ttl: TTL_MS })
    const [value, next] = [await load('user:1'), keysInTurn()]
    return {
      read: () => cache.set(next(), value),
      verify: () => assertFull(cache.size, entries),
      close: async () => {},
    }
  },
}

export const stratacacheSet: Library = {
  name: 'stratacache set',
  async open({ entries, load }) {
    const cache = createCache({ tiers: [memory({ maxEntries: entries })], ttl: TTL_MS })
    const [value, next] = [await load('user:1'), keysInTurn()]
    return {
      read: () => cache.set(next(), value),
      verify: () => assertFull(cache.stats().memory!.entries, entries),
      close: () => cache.close(),
    }
  },
}

function keysInTurn(): () => string {
  const keys = Array.from({ length: POOL }, (_, id) => `item:${id}`)
  let next = 0
  return () => keys[(next = next + 1 === POOL ? 0 : next + 1)]!
}

function assertFull(held: number, entries: number): void {
  if (held !== entries) throw new Error(`holds ${held} of ${entries} entries`)
}
