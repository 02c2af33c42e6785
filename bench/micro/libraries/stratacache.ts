import { type Cache, createCache, memory, probabilisticRefresh, refreshAhead, type Tier } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { createClient } from 'redis'
import { KEYS } from '../users.ts'
import { type Library, type Setup, TTL_MS } from './library.ts'

export const stratacache: Library = {
  name: 'stratacache getOrSet',
  async open(setup) {
    const cache = await open(setup, setup.url === undefined ? [] : [redis({ url: setup.url })])
    return { read: (key) => cache.getOrSet(key, () => setup.load(key)), close: () => cache.close() }
  },
}

export const stratacacheOnNodeRedis: Library = {
  name: 'stratacache getOrSet, node-redis',
  async open(setup) {
    const client = createClient({ url: setup.url! })
    await client.connect()
    const cache = await open(setup, [redis({ client })])
    return {
      read: (key) => cache.getOrSet(key, () => setup.load(key)),
      async close() {
        await cache.close()
        client.destroy()
      },
    }
  },
}

/** Every hit is a copy of its own, or is frozen. */
export const stratacacheCopies: readonly Library[] = (['clone', 'freeze'] as const).map((copy) => ({
  name: `stratacache getOrSet, copy: '${copy}'`,
  async open({ entries, load }) {
    const cache = createCache({ tiers: [memory({ maxEntries: entries, copy })], ttl: TTL_MS })
    return { read: (key) => cache.getOrSet(key, () => load(key)), close: () => cache.close() }
  },
}))

/** Every hit is looked at by a strategy; none is so old that it is refreshed. */
export const stratacacheReads: readonly Library[] = [refreshAhead(), probabilisticRefresh()].map((read) => ({
  name: `stratacache getOrSet, read: ${read.name}()`,
  async open({ entries, load }) {
    const cache = createCache({ tiers: [memory({ maxEntries: entries })], ttl: TTL_MS, read })
    return { read: (key) => cache.getOrSet(key, () => load(key)), close: () => cache.close() }
  },
}))

export const MANY = 100

/** A read of a key brings those that follow it as well. */
export const stratacacheMany: Library = {
  name: `stratacache getOrSetMany of ${MANY}`,
  async open(setup) {
    const cache = await open(setup, [])
    const batches = new Map(KEYS.map((key, index) => [key, Array.from({ length: MANY }, (_, i) => KEYS[(index + i) % KEYS.length]!)]))
    const loadAll = (keys: readonly string[]) => Promise.all(keys.map(async (key) => setup.load(key)))
    return {
      read: (key) => cache.getOrSetMany(batches.get(key)!, loadAll).then(([first]) => first),
      close: () => cache.close(),
    }
  },
}

export const stratacacheSync: Library = {
  name: 'stratacache getSync',
  async open(setup) {
    const cache = await open(setup, [])
    for (const key of KEYS) await cache.set(key, await setup.load(key))
    return { read: (key) => cache.getSync(key), close: () => cache.close() }
  },
}

async function open({ entries }: Setup, shared: readonly Tier[]): Promise<Cache> {
  const local = entries > 0 ? [memory({ maxEntries: entries })] : []
  const cache = createCache({ tiers: [...local, ...shared] as [Tier, ...Tier[]], ttl: TTL_MS })
  await cache.ready()
  return cache
}
