import { createCache, memory } from '@stratacache/core'
import { LRUCache } from 'lru-cache'

/* Prints how many bytes an entry takes beside its key and its value, as a number. Needs --expose-gc. */

const HOLDERS: Readonly<Record<string, (entries: number) => Promise<(key: string, value: object) => unknown>>> = {
  async Map() {
    const map = new Map<string, object>()
    return (key, value) => map.set(key, value)
  },
  async 'lru-cache with ttl'(entries) {
    const cache = new LRUCache<string, object>({ max: entries, ttl: 3_600_000 })
    return (key, value) => cache.set(key, value)
  },
  async stratacache(entries) {
    const cache = createCache({ tiers: [memory({ maxEntries: entries })], ttl: '1h' })
    return (key, value) => cache.set(key, value)
  },
}

const [name, count] = process.argv.slice(2) as [string, string]
const entries = Number(count)
const keys = Array.from({ length: entries }, (_, id) => `user:${id}`)
const value = { shared: 'by all' }
// Keys are flattened and hashed by whoever looks at them first.
for (const key of keys) if (key in value) throw new Error(key)
const before = used()
const set = await HOLDERS[name]!(entries)
for (const key of keys) await set(key, value)
console.log((used() - before) / entries)
process.exit()

function used(): number {
  globalThis.gc!()
  globalThis.gc!()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
