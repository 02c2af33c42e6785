import { createCache, memory } from '@stratacache/core'
import { LRUCache } from 'lru-cache'
const keys = Array.from({ length: 500_000 }, (_, i) => `item:${i}`)
const value = { a: 1 }
const policy = (process.argv[2] ?? 'adaptive') as never
const cache = createCache({ tiers: [memory({ maxEntries: 10_000, policy })], ttl: '1h' })
const lru = new LRUCache<string, object>({ max: 10_000, ttl: 3600_000 })
for (let round = 0; round < 4; round++) {
  let t = performance.now()
  for (const k of keys) await cache.set(k, value)
  const a = performance.now() - t
  t = performance.now()
  for (const k of keys) await lru.set(k, value)
  const b = performance.now() - t
  console.log(policy, Math.round(a * 2), 'ns', Math.round(b * 2), 'ns', (a / b).toFixed(2))
}
