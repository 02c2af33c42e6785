import { createCaches } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { askRedis, type RedisServer, startRedis, until } from 'test-support'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../src/index.ts'
import { FIXTURES } from './run-cli.ts'

let server: RedisServer
beforeAll(async () => void (server = await startRedis()))
afterAll(() => server.stop())

/** Connections of clients, without the one that asks. */
async function connections(): Promise<number> {
  const list = String(await askRedis(server.port, 'CLIENT', 'LIST'))
  return list.trim().split('\n').length - 1
}

it('the caches of one tier share one connection and one follower, from data and from a file', async () => {
  expect(await connections()).toBe(0)
  const tiers = { l1: { use: 'memory', maxEntries: 10 }, l2: { use: 'redis', url: '${REDIS_URL}' } } as const
  const env = { REDIS_URL: server.url }
  const alone = createCaches({ tiers, caches: { users: { tiers: ['l1', 'l2'] } } }, { registry: [redis.fromConfig], env })
  await alone.ready()
  const ofOne = await connections()
  await alone.close()
  await until('nobody is connected', async () => (await connections()) === 0)

  const four = createCaches({ tiers, defaults: { tiers: ['l1', 'l2'] }, caches: { a: {}, b: {}, c: {}, d: {} } }, { registry: [redis.fromConfig], env })
  await four.ready()
  await Promise.all([...four].map((cache) => cache.set('k', cache.name, { tags: ['t'] })))
  expect(await connections()).toBe(ofOne)
  expect(ofOne).toBe(2)
  await four.close()
  await until('nobody is connected', async () => (await connections()) === 0)

  const loaded = await loadConfig(`${FIXTURES}shop.yaml`, { env })
  await loaded.ready()
  expect(await connections()).toBe(2)
  await loaded.close()
  await until('nobody is connected', async () => (await connections()) === 0)
})

it('each cache keeps its keys and tags apart, and hears of invalidations', async () => {
  const env = { REDIS_URL: server.url }
  await using first = await loadConfig(`${FIXTURES}shop.yaml`, { env })
  await using second = await loadConfig(`${FIXTURES}shop.yaml`, { env })
  await Promise.all([first.ready(), second.ready()])
  await first.get('users').set('k', 'user', { tags: ['t'] })
  await first.get('pages').set('k', 'page', { tags: ['t'] })
  expect(await second.get('users').get('k')).toBe('user')
  expect(await second.get('pages').get('k')).toBe('page')
  expect(await askRedis(server.port, 'KEYS', '*users:u-t*')).toHaveLength(1)
  await second.get('users').invalidateTags('t')
  await until('the first has heard', async () => first.get('users').getSync('k') === undefined)
  expect(await first.get('users').get('k')).toBeUndefined()
  expect(await first.get('pages').get('k')).toBe('page')
})

it('fails at once where the address is none, with the mistake of the tier', () => {
  expect(() => createCaches({ tiers: { l2: { use: 'redis', url: 'http://u:hunter2@host' } }, caches: {} }, { registry: [redis.fromConfig] })).toThrow('tiers.l2.url must be a redis:// or rediss:// URL, got "http://***@host"')
})
