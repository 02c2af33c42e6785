import { createCache, memory } from '@stratacache/core'
import { Redis } from 'ioredis'
import { startRedis } from 'test-support'
import { afterAll, expect, it } from 'vitest'
import { redis } from '../src/index.ts'
import { Keys } from '../src/keys.ts'

const server = await startRedis()
const admin = new Redis(server.url)
const keys = new Keys('strata')

afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

it.each([
  ['text', Buffer.from('not an entry')],
  ['nothing', Buffer.alloc(0)],
  ['an envelope of a version to come', Buffer.concat([Buffer.from([0xca, 0x5c, 9]), Buffer.alloc(200)])],
  ['a damaged envelope', Buffer.concat([Buffer.from([0xca, 0x5c, 1]), Buffer.alloc(200, 7)])],
])('%s under the key of an entry is a miss and an event; the load replaces it', async (_, bytes) => {
  await using cache = createCache({ tiers: [memory({ maxEntries: 10 }), redis({ url: server.url })] })
  await cache.ready()
  await admin.flushall()
  await cache.getOrSet('warm-up', () => 1)
  await admin.set(keys.entry('default:row'), bytes)
  const corrupt: string[] = []
  cache.on('corrupt', ({ key, tier }) => corrupt.push(`${tier}: ${key}`))
  expect(await cache.get('row')).toBeUndefined()
  expect(await cache.getOrSet('row', () => 'loaded')).toBe('loaded')
  expect(corrupt).toEqual(['redis: row', 'redis: row'])
  await using other = createCache({ tiers: [memory({ maxEntries: 10 }), redis({ url: server.url })] })
  await expect.poll(() => other.get('row')).toBe('loaded')
})

it('a record of another type is an error of the tier, never of a read with a loader', async () => {
  await using cache = createCache({ tiers: [memory({ maxEntries: 10 }), redis({ url: server.url })] })
  await cache.ready()
  await admin.del(keys.entry('default:list'))
  await admin.rpush(keys.entry('default:list'), 'a', 'b')
  expect(await cache.getOrSet('list', () => 'loaded')).toBe('loaded')
})
