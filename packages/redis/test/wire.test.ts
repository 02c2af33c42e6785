import type { SharedStore } from '@stratacache/core'
import { createClient } from 'redis'
import { Redis } from 'ioredis'
import { askRedis, startProxy, startRedis } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { redis } from '../src/index.ts'
import { aFill, anInvalidation, aWrite, stored } from './drafts.ts'

const server = await startRedis()
const proxy = await startProxy(server)
const six = new Redis(proxy.url)
const node = await createClient({ url: proxy.url }).on('error', () => {}).connect()

afterEach(() => vi.restoreAllMocks())

afterAll(async () => {
  six.disconnect()
  node.destroy()
  await proxy.stop()
  await server.stop()
})

beforeEach(() => askRedis(server.port, 'FLUSHALL'))

describe.each([
  ['ioredis', six],
  ['node-redis', node],
])('what goes over the wire with %s', (_, client) => {
  const tags = ['t', 'u']

  async function withStore(test: (store: SharedStore) => Promise<void>): Promise<void> {
    const store = redis({ client }).open()
    await store.connect()
    try {
      await test(store)
    } finally {
      await store.close()
    }
  }

  it('every operation is one command and one round trip', () =>
    withStore(async (store) => {
      const counts = async (operation: () => Promise<unknown>): Promise<void> => {
        // Once beforehand, for the server to know the script.
        await operation()
        proxy.stats.reset()
        await operation()
        expect(proxy.stats.roundTrips).toBe(1)
      }
      const { stats } = proxy
      const log = await store.openLog()
      await log.start()
      await counts(() => store.read({ keys: ['a', 'b', 'c'], tags }))
      expect(stats.commands).toEqual(['MGET 6'])
      const ask = (key: string) => ({ key, token: 't', ttlMs: 10_000, seen: 0 })
      await counts(() => store.lease([ask('a'), ask('b')]))
      expect(stats.commands).toEqual(['EVALSHA 17'])
      const fill = await aFill(store, 'c', { tags })
      await counts(() => store.fill(fill))
      expect(stats.commands).toEqual(['EVALSHA 15'])
      const leased = { ...(await aFill(store, 'd', { tags })), source: 's' }
      await counts(() => store.writeLeased(leased))
      expect(stats.commands).toEqual(['EVALSHA 19'])
      await counts(() => store.write(aWrite('c', { tags })))
      expect(stats.commands).toEqual(['EVALSHA 19'])
      await counts(() => store.invalidate(anInvalidation({ keys: ['a', 'b', 'c'], tags })))
      expect(stats.commands).toEqual(['EVALSHA 18'])
      await counts(() => store.release('a', 't'))
      await counts(() => store.discard('a', 1))
      await counts(() => log.start())
      await counts(() => log.read(1, 0))
      expect(stats.commands).toEqual(['XREAD 5'])
    }))

  it('the log is looked at where nothing is new, and where there may be more than was answered', () =>
    withStore(async (store) => {
      const log = await store.openLog()
      const { tail: begin } = await log.start()
      vi.spyOn(performance, 'now').mockReturnValue(1e6)
      const look = ['GET 1', 'XLEN 1', 'TIME 0']
      const readAfter = async (after: number) => {
        proxy.stats.reset()
        const { tail } = await log.read(after, 0)
        return [tail, proxy.stats.commands]
      }
      expect(await readAfter(begin)).toEqual([begin, ['XREAD 5', ...look]])
      const { stamp } = await store.invalidate(anInvalidation({ keys: ['k'] }))
      expect(await readAfter(begin)).toEqual([stamp, ['XREAD 5']])
      for (let i = 1; i < 1_000; i++) await store.invalidate(anInvalidation({ keys: ['k'] }))
      const { stamp: last } = await store.invalidate(anInvalidation({ keys: ['k'] }))
      expect(await readAfter(begin)).toEqual([last, ['XREAD 5', ...look]])
      expect(await readAfter(stamp)).toEqual([last, ['XREAD 5', ...look]])
    }))

  it('a busy log is looked at every half second', () =>
    withStore(async (store) => {
      const log = await store.openLog()
      const { tail: begin } = await log.start()
      const now = vi.spyOn(performance, 'now').mockReturnValue(1e6)
      const isLookedAt = async (): Promise<boolean> => (await log.read(begin, 0)).time !== undefined
      await store.invalidate(anInvalidation({ keys: ['k'] }))
      expect(await isLookedAt()).toBe(true)
      now.mockReturnValue(1e6 + 499)
      expect(await isLookedAt()).toBe(false)
      now.mockReturnValue(1e6 + 500)
      expect(await isLookedAt()).toBe(true)
      expect(await isLookedAt()).toBe(false)
    }))

  it('scripts are loaded again where the server has forgotten them', () =>
    withStore(async (store) => {
      await store.invalidate(anInvalidation({ keys: ['k'] }))
      await askRedis(server.port, 'SCRIPT', 'FLUSH')
      const log = await store.openLog()
      await log.start()
      const fill = await aFill(store, 'k', { tags })
      await askRedis(server.port, 'SCRIPT', 'FLUSH')
      expect(await store.fill(fill)).toBe(true)
      await askRedis(server.port, 'SCRIPT', 'FLUSH')
      proxy.stats.reset()
      expect(await Promise.all([store.write(aWrite('k')), store.write(aWrite('k')), store.inspect('k')])).toHaveLength(3)
      expect(proxy.stats.commands.filter((command) => command.startsWith('EVAL '))).toHaveLength(3)
      expect(await stored(store, 'k')).toMatchObject({ value: 'written' })
    }))
})

// Not through the proxy, which takes its time with the count of so many bytes.
it.each([
  ['ioredis', async () => new Redis(server.url)],
  ['node-redis', async () => createClient({ url: server.url }).on('error', () => {}).connect()],
])('a hundred thousand keys and tags are invalidated at once with %s', async (_, connect) => {
  const client = await connect()
  const store = redis({ client }).open()
  const keys = Array.from({ length: 100_000 }, (_, i) => `key-${i}`)
  const log = await store.openLog()
  const { tail } = await log.start()
  expect(await store.fill(await aFill(store, 'key-99999', { tags: ['key-7'] }))).toBe(true)
  const soft = await store.invalidate(anInvalidation({ keys, tags: keys.slice(0, 50_000), soft: true }))
  expect((await stored(store, 'key-99999'))!.freshUntil).toBeLessThanOrEqual(soft.time)
  const { stamp } = await store.invalidate(anInvalidation({ keys, tags: keys.slice(0, 50_000), lagMs: 1 }))
  await store.invalidate(anInvalidation({ keys }))
  expect(await stored(store, 'key-99999')).toBeUndefined()
  expect((await store.read({ keys: [], tags: ['key-7', 'key-49999'] })).tags).toEqual([
    { hard: stamp + 1_000, soft: 0 },
    { hard: stamp + 1_000, soft: 0 },
  ])
  expect((await log.read(tail, 0)).records[1]!.keys).toHaveLength(100_000)
  await store.close()
  await client.quit()
})
