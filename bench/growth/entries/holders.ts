import { createCache, memory } from '@stratacache/core'
import { LRUCache } from 'lru-cache'
import { awaited, inTurn, type Run } from '../../src/repeat.ts'

interface Item {
  readonly id: number
}

/** Something that holds entries, and how it is read or written. */
export interface Holder {
  readonly name: string
  /** Resolves when it is full. */
  readonly open: (setup: Setup) => Promise<OpenHolder>
}

interface Setup {
  /** Of every entry, in the order in which they are read. */
  readonly keys: readonly string[]
  readonly itemOf: (key: string) => Item
}

interface OpenHolder {
  readonly run: Run
  /** What it holds under a key, if the key was not given up. */
  readonly peek: (key: string) => Item | undefined
  readonly count: () => number
}

const TTL_MS = 3_600_000

export const mapGet: Holder = {
  name: 'Map.get',
  async open({ keys, itemOf }) {
    const map = new Map(keys.map((key) => [key, itemOf(key)]))
    return { run: inTurn(keys, (key) => map.get(key)), peek: (key) => map.get(key), count: () => map.size }
  },
}

export const [lruGet, lruFetch, lruSet] = [
  lru('lru-cache get with ttl', (cache, keys) => inTurn(keys, (key) => cache.get(key))),
  lru('lru-cache fetch', (cache, keys) => awaited(keys, (key) => cache.fetch(key))),
  lru('lru-cache set', (cache) => replacing((key, item) => cache.set(key, item))),
] as const

export const [strataGetSync, strataGetOrSet, strataSet] = [
  strata('stratacache getSync', (cache, keys) => inTurn(keys, (key) => cache.getSync(key))),
  strata('stratacache getOrSet', (cache, keys) => awaited(keys, (key) => cache.getOrSet(key, missing))),
  strata('stratacache set', (cache) => replacing((key, item) => cache.set(key, item))),
] as const

function lru(name: string, runOf: (cache: LRUCache<string, Item>, keys: readonly string[]) => Run): Holder {
  return {
    name,
    async open({ keys, itemOf }) {
      const cache = new LRUCache<string, Item>({ max: keys.length, ttl: TTL_MS, fetchMethod: missing })
      for (const key of keys) cache.set(key, itemOf(key))
      return { run: runOf(cache, keys), peek: (key) => cache.get(key), count: () => cache.size }
    },
  }
}

function strata(name: string, runOf: (cache: ReturnType<typeof createCache>, keys: readonly string[]) => Run): Holder {
  return {
    name,
    async open({ keys, itemOf }) {
      const cache = createCache({ tiers: [memory({ maxEntries: keys.length })], ttl: TTL_MS })
      for (const key of keys) await cache.set(key, itemOf(key))
      return { run: runOf(cache, keys), peek: (key) => cache.getSync<Item>(key), count: () => cache.stats().memory!.entries }
    },
  }
}

const missing = (): never => {
  throw new Error('a read missed')
}

/** Sets that are awaited, each of a key that was never there: making the key is part of each. */
function replacing(set: (key: string, item: Item) => unknown): Run {
  const item = { id: -1 }
  let next = 0
  return async (times) => {
    for (let i = 0; i < times; i++) await set(`new:${next++}`, item)
  }
}
