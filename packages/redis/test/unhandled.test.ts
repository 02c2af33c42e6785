import { type Cache, createCache, memory } from '@stratacache/core'
import { rest } from '@stratacache/core/testing'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { startProxy, startRedis, until } from 'test-support'
import { afterAll, expect, it, vi } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'

/* Whatever fails between a process and Redis: no rejection is left unhandled, nothing is thrown at nobody. */

const server = await startRedis()
const proxy = await startProxy(server)
const admin = new Redis(server.url, { retryStrategy: () => 20 }).on('error', () => {})
afterAll(async () => {
  admin.disconnect()
  await proxy.stop()
  await server.stop()
})

const clients: [string, () => Promise<{ options: RedisOptions; end: () => unknown }>][] = [
  ['url', async () => ({ options: { url: proxy.url }, end: () => {} })],
  ['a given ioredis', async () => {
    const client = new Redis(proxy.url, { retryStrategy: () => 20 }).on('error', () => {})
    return { options: { client }, end: () => client.disconnect() }
  }],
  ['a given node-redis', async () => {
    const client = await createClient({ url: proxy.url, socket: { reconnectStrategy: 20 } }).on('error', () => {}).connect()
    return { options: { client }, end: () => client.destroy() }
  }],
]

const faults: [string, () => unknown, () => unknown][] = [
  ['nothing', () => {}, () => {}],
  ['connections are refused', () => proxy.cut(), () => proxy.restore()],
  ['nothing arrives', () => proxy.pauseDirection('up'), () => proxy.resume()],
  ['nothing comes back', () => proxy.pauseDirection('down'), () => proxy.resume()],
  ['the server is stopped', () => server.pause(), () => server.resume()],
  ['the server is killed', () => server.kill(), () => server.restart()],
  ['memory is full', () => admin.config('SET', 'maxmemory', '1mb'), () => admin.config('SET', 'maxmemory', '0')],
]

/** Asks for everything; nobody looks at single answers, as where a response was sent before. */
function useAll(cache: Cache, round: string): Promise<unknown> {
  const fail = (): Promise<never> => Promise.reject(new Error('source is down'))
  return Promise.allSettled([
    cache.getOrSet('stale', fail, { ttl: 1, staleWhileRevalidate: '1h' }),
    cache.getOrSet(`a ${round}`, () => 1, { tags: ['t'] }),
    cache.getOrSet(`b ${round}`, fail),
    cache.getOrSet('row', () => 1, { refresh: true }),
    cache.getOrSet('left', () => 1, { signal: AbortSignal.timeout(1) }),
    cache.getOrSetMany([`c ${round}`, 'row'], fail),
    cache.get('row'),
    cache.set('row', 1, { tags: ['t'] }),
    cache.delete('row'),
    cache.invalidateTags('t'),
    cache.expire({ keys: ['stale'] }),
    cache.explain('row'),
    cache.ready(),
  ])
}

it.each(clients)('through outages, with %s', async (_, connect) => {
  const unhandled: unknown[] = []
  const collect = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', collect).on('uncaughtExceptionMonitor', collect)
  // What closing caches could not hand over.
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const { options, end } = await connect()
  const open = (name: string): Cache =>
    createCache({
      name,
      tiers: [memory({ maxEntries: 100 }), redis({ ...options, commandTimeout: 100, heartbeat: '400ms' })],
      circuitBreaker: { failures: 2, cooldown: 50 },
    })
  const cache = open('cache')
  await cache.ready()
  await cache.set('stale', 1, { ttl: 1, staleWhileRevalidate: '1h' })
  for (const [name, begin, mend] of faults) {
    const closing = open('closing')
    const asked = [useAll(cache, `before ${name}`), useAll(closing, `before ${name}`)]
    await begin()
    asked.push(useAll(cache, `while ${name}`), useAll(closing, `while ${name}`))
    await closing.close()
    expect((await cache.delete('probe')).status).toBe(name === 'nothing' ? 'applied' : 'queued')
    await mend()
    await until(`everything to be as before '${name}'`, async () => (await cache.delete('probe')).status === 'applied' && cache.stats().queued === 0)
    await until('the log to be followed again', async () => cache.stats().inStep)
    await Promise.all(asked)
  }
  await cache.close()
  await end()
  await rest()
  process.off('unhandledRejection', collect).off('uncaughtExceptionMonitor', collect)
  expect(unhandled).toEqual([])
})
