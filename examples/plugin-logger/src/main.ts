import { createCache } from '@stratacache/core'
import { logger } from './logger.ts'

await using cache = createCache({ name: 'shop', ttl: '1m', plugins: [logger({ level: 'debug', sampleHits: 1 })] })

const price = (id: number) => cache.getOrSet(['price', id], () => id * 10, { tags: ['prices'] })
await price(7)
await price(7)
await cache.invalidateTags('prices')

// The same trouble five times: one line now, and one that counts the rest.
for (let attempt = 0; attempt < 5; attempt++) {
  await cache.getOrSet('rates', () => Promise.reject(new RangeError('the bank said 17.3'))).catch(() => {})
}
