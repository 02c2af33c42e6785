import { createCache, type LogReader, memory, type SharedStore } from '@stratacache/core'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { startProxy, startRedis, until } from 'test-support'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'
import { Keys } from '../src/keys.ts'
import { anInvalidation } from './drafts.ts'

const server = await startRedis()
const proxy = await startProxy(server)
const admin = new Redis(server.url)
const node = await createClient({ url: proxy.url }).on('error', () => {}).connect()
const keys = new Keys('strata')
const MANY = Array.from({ length: 50_000 }, (_, i) => `key ${i}`)

afterAll(async () => {
  admin.disconnect()
  node.destroy()
  await proxy.stop()
  await server.stop()
})
beforeEach(() => admin.flushall())

/** Bytes that the server has sent to anybody. */
const sent = async (): Promise<number> => Number(/total_net_output_bytes:(\d+)/.exec(await admin.info('stats'))![1])

/** Takes all that is stored back to what it was. */
async function snapshot(): Promise<() => Promise<void>> {
  const dumps = await Promise.all((await admin.keys('*')).map(async (key) => [key, (await admin.dumpBuffer(key))!] as const))
  return async () => {
    const step = admin.multi().flushall()
    for (const [key, dump] of dumps) step.restore(key, 0, dump)
    await step.exec()
  }
}

describe.each([
  ['ioredis', { url: proxy.url }],
  ['node-redis', { client: node }],
] as [string, RedisOptions][])('reading the log with %s', (_, options) => {
  const follow = async (test: (store: SharedStore, log: LogReader, tail: number) => Promise<void>): Promise<void> => {
    const store = redis(options).open()
    const log = await store.openLog()
    try {
      await test(store, log, (await log.start()).tail)
    } finally {
      await store.close()
    }
  }
  const commandsOf = async (read: () => Promise<unknown>): Promise<string[]> => {
    proxy.stats.reset()
    await read()
    return proxy.stats.commands.map((command) => command.split(' ')[0]!)
  }
  const CHEAP = ['XREAD', 'GET', 'XLEN', 'TIME']

  it('fetches a record once, however large', () =>
    follow(async (store, log, tail) => {
      const { stamp } = await store.invalidate(anInvalidation({ keys: MANY }))
      const before = await sent()
      expect((await log.read(tail, 0)).records[0]!.keys).toHaveLength(MANY.length)
      const once = (await sent()) - before
      for (let i = 0; i < 20; i++) expect(await log.read(stamp, 1)).toMatchObject({ records: [], tail: stamp })
      const next = await store.invalidate(anInvalidation({ keys: ['one'] }))
      expect(await log.read(stamp, 0)).toMatchObject({ records: [{ keys: ['one'], prev: stamp }], tail: next.stamp })
      expect((await sent()) - before - once).toBeLessThan(once / 20)
    }))

  it('rule 6: where the key of its end is lost, damaged, behind or ahead, finds the end itself, once', () =>
    follow(async (store, log, tail) => {
      const first = await store.invalidate(anInvalidation({ keys: ['a'] }))
      const { stamp } = await store.invalidate(anInvalidation({ keys: MANY }))
      for (const wrong of [undefined, 'damaged', '', '5', String(first.stamp), String(stamp + 5), '9'.repeat(30)]) {
        if (wrong === undefined) await admin.del(keys.tail)
        else await admin.set(keys.tail, wrong)
        const before = await sent()
        expect(await log.read(stamp, 0)).toMatchObject({ records: [], tail: stamp })
        expect((await sent()) - before).toBeLessThan(10_000)
        expect(await admin.get(keys.tail)).toBe(String(stamp))
        expect(await commandsOf(() => log.read(stamp, 0))).toEqual(CHEAP)
      }
      for (const wrong of [undefined, String(first.stamp)]) {
        if (wrong === undefined) await admin.del(keys.tail)
        else await admin.set(keys.tail, wrong)
        const { records, tail: end } = await log.read(tail, 0)
        expect([records.map((record) => record.stamp), end]).toEqual([[first.stamp, stamp], stamp])
      }
    }))

  it('rule 6: says that there is more where it has not read all', () =>
    follow(async (store, log, tail) => {
      await Promise.all(Array.from({ length: 1_200 }, (_, i) => store.invalidate(anInvalidation({ keys: [`${i}`] }))))
      let first = await log.read(tail, 0)
      expect(await commandsOf(async () => (first = await log.read(tail, 0)))).toEqual(CHEAP)
      expect([first.records.length, first.tail > first.records.at(-1)!.stamp]).toEqual([1_000, true])
      const second = await log.read(first.records.at(-1)!.stamp, 0)
      expect([second.records.length, second.tail]).toEqual([200, second.records.at(-1)!.stamp])
    }))

  it('rule 13: sees that the log is gone, or was taken back in time', () =>
    follow(async (store, log) => {
      const { stamp } = await store.invalidate(anInvalidation({ keys: ['a'] }))
      const restore = await snapshot()
      const later = await store.invalidate(anInvalidation({ keys: ['b'] }))
      await restore()
      expect(await log.read(later.stamp, 0)).toMatchObject({ records: [], tail: stamp })
      expect(await log.read(stamp, 0)).toMatchObject({ records: [], tail: stamp })
      // The key of its end outlives it, or goes with it.
      await admin.del(keys.log)
      expect(await log.read(stamp, 0)).toMatchObject({ records: [], tail: 0 })
      await admin.del(keys.tail)
      expect(await log.read(stamp, 0)).toMatchObject({ records: [], tail: 0 })
    }))

  it('needs no memory for it where memory is full', () =>
    follow(async (store, log) => {
      const { stamp } = await store.invalidate(anInvalidation({ keys: ['a'] }))
      await admin.del(keys.tail)
      await admin.config('SET', 'maxmemory', '1mb')
      try {
        expect(await log.read(stamp, 0)).toMatchObject({ records: [], tail: stamp })
      } finally {
        await admin.config('SET', 'maxmemory', '0')
      }
    }))
})

it('rule 5: processes that follow the log fetch a very large invalidation once each', async () => {
  const open = () => createCache({ tiers: [memory({ maxEntries: 100 }), redis({ url: server.url, heartbeat: '400ms', commandTimeout: '5s' })] })
  const caches = [open(), open(), open()] as const
  await Promise.all(caches.map((cache) => cache.ready()))
  const idle = await sent()
  expect((await caches[0].delete(...MANY)).status).toBe('applied')
  await until('the others to have heard', async () => caches.every((cache) => cache.stats().invalidations.remote === (cache === caches[0] ? 0 : 1)))
  const reads = async (): Promise<number> => Number(/cmdstat_xread:calls=(\d+)/.exec(await admin.info('commandstats'))![1])
  const [once, begun] = [(await sent()) - idle, await reads()]
  await until('everybody to have read the log a few times more', async () => (await reads()) >= begun + 9)
  expect((await sent()) - idle - once).toBeLessThan(once / 4)
  await Promise.all(caches.map((cache) => cache.close()))
})

it('rule 13: a process that has seen more repairs a server that was taken back in time', async () => {
  const open = () => createCache({ tiers: [memory({ maxEntries: 100 }), redis({ url: server.url, heartbeat: '400ms' })] })
  await using cache = open()
  await cache.ready()
  await cache.set('row', 'v1', { tags: ['table'] })
  await cache.set('other', 'o1')
  const restore = await snapshot()
  await cache.delete('other')
  await cache.invalidateTags('table')
  await restore()
  await until('the repair', async () => {
    await using fresh = open()
    return (await fresh.get('row')) === undefined && (await fresh.get('other')) === undefined
  })
})
