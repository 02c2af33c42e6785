import type { EventEmitter } from 'node:events'
import { type Cache, type CacheConfig, createCache, memory } from '@stratacache/core'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { type Proxy, type RedisServer, startProxy, startRedis, until } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { redis } from '../src/index.ts'
import { Leaks } from './leaks.ts'

const T = 200
/** What `close()` promises without loads and sources: two `commandTimeout`s for the queue, one for the connections. */
const BOUND = 3 * T
/** For a machine that has other things to do. */
const SLACK = 900

const server: RedisServer = await startRedis()
let proxy: Proxy
afterAll(() => server.stop())

/** A client that is given, or none; how its owner sees that it works; how its owner ends it. */
interface Given {
  readonly client?: EventEmitter
  readonly works: () => Promise<boolean>
  readonly end: () => unknown
}

const kinds: Record<string, () => Promise<Given>> = {
  url: async () => ({ works: async () => true, end: () => {} }),
  'a given ioredis': async () => {
    const client = new Redis(proxy.url, { retryStrategy: () => 20 }).on('error', () => {})
    await client.ping()
    return { client, works: async () => (await client.ping()) === 'PONG', end: () => client.disconnect() }
  },
  'a given node-redis': async () => {
    const client = await createClient({ url: proxy.url, socket: { reconnectStrategy: 20 } }).on('error', () => {}).connect()
    return { client, works: async () => (await client.ping()) === 'PONG', end: () => client.destroy() }
  },
}

const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length
const listeners = ({ client }: Given): unknown => client?.eventNames().map((name) => [name, client.listenerCount(name)])

describe.each(Object.entries(kinds))('close() with %s', (kind, give) => {
  let given: Given
  let leaks: Leaks
  let warnings: string[]
  let before: unknown
  const caches: Cache[] = []

  beforeEach(async () => {
    proxy = await startProxy(server)
    given = await give()
    before = [sockets(), listeners(given)]
    leaks = new Leaks()
    warnings = []
    vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)))
  })
  afterEach(async () => {
    leaks.stop()
    for (const cache of caches.splice(0)) await cache.close()
    await given.end()
    await proxy.stop()
  })

  const open = (config: CacheConfig = {}): Cache => {
    const options = { commandTimeout: T, heartbeat: '60s' } as const
    const tier = given.client === undefined ? redis({ url: proxy.url, ...options }) : redis({ client: given.client as unknown as Redis, ...options })
    const cache = createCache({ tiers: [memory({ maxEntries: 10 }), tier], circuitBreaker: { cooldown: '1h' }, ...config })
    caches.push(cache)
    return cache
  }

  const close = async (cache: Cache, bound: number = BOUND): Promise<void> => {
    const begun = performance.now()
    await cache.close()
    expect(performance.now() - begun).toBeLessThan(bound + SLACK)
  }

  /** Nothing of ours is left, and the owner has their client as it was. */
  const nothingLeft = async (): Promise<void> => {
    await until('timers and connections to be gone', async () => {
      expect(leaks.open).toEqual([])
      return true
    })
    await until('the client to work', given.works)
    await until('everything to be as before', async () => {
      expect([sockets(), listeners(given)]).toEqual(before)
      return true
    })
  }

  it('leaves nothing behind, at once and twice', async () => {
    const cache = open()
    await cache.ready()
    await cache.set('a', 1)
    const begun = performance.now()
    const [first, second] = [cache.close(), cache.close()]
    await Promise.all([first, second])
    await cache.close()
    expect(performance.now() - begun).toBeLessThan(T + SLACK)
    await nothingLeft()
    expect(warnings).toEqual([])
  })

  const faults: [string, () => unknown, () => unknown][] = [
    ['while Redis is stopped', () => server.pause(), () => server.resume()],
    ['while nothing arrives there', () => proxy.pauseDirection('up'), () => proxy.resume()],
    ['while nothing comes from there', () => proxy.pauseDirection('down'), () => proxy.resume()],
    ['while Redis is killed', () => server.kill(), () => server.restart()],
    ['while connections are refused', () => proxy.cut(), () => proxy.restore()],
  ]

  it.each(faults)('%s', async (_, begin, end) => {
    const [idle, used] = [open(), open()]
    await Promise.all([idle.ready(), used.ready()])
    await begin()
    try {
      const reading = used.getOrSet('a', () => 'of the source')
      await close(idle)
      await close(used)
      expect(await reading).toBe('of the source')
    } finally {
      await end()
    }
    await nothingLeft()
    expect(warnings).toEqual([])
  })

  it.each(faults)('%s, with invalidations that are queued', async (_, begin, end) => {
    const cache = open()
    await cache.ready()
    await begin()
    try {
      expect(await cache.invalidate({ keys: ['a', 'b'], tags: ['t'] })).toEqual({ status: 'queued' })
      await close(cache)
      expect(warnings).toEqual(["closed before tier 'redis' took the invalidation of 2 keys and 1 tags"])
    } finally {
      await end()
    }
    await nothingLeft()
  })

  it.each(faults)('%s, during the first connection', async (_, begin, end) => {
    if (kind === 'url') await begin()
    const cache = open()
    const ready = cache.ready().then(() => 'ready', (error: { code: string }) => error.code)
    if (kind !== 'url') await begin()
    try {
      await close(cache)
      expect(await ready).toBe('STRATA_CLOSED')
    } finally {
      await end()
    }
    await nothingLeft()
  })

  it('in every phase of a connection', async () => {
    for (let turn = 0; turn < 30; turn++) {
      const cache = open()
      for (let i = 0; i < turn; i++) await new Promise((resolve) => setImmediate(resolve))
      await close(cache)
    }
    await nothingLeft()
  })

  it('hands over what was queued when the tier is back, though nobody else has noticed', async () => {
    const [writer, cache] = [createCache({ tiers: [redis({ url: server.url })] }), open()]
    await Promise.all([writer.ready(), cache.ready()])
    await writer.set('a', 1)
    await proxy.cut()
    expect(await cache.delete('a')).toEqual({ status: 'queued' })
    await proxy.restore()
    await close(cache)
    expect(await writer.get('a')).toBeUndefined()
    expect(warnings).toEqual([])
    await writer.close()
    await nothingLeft()
  })

  it('with loads under way: waits for those that end, and gives up the others', async () => {
    const cache = open()
    await cache.ready()
    let ended = false
    const ending = cache.getOrSet('ends', async ({ signal }) => {
      await until('the close to have begun', async () => caches.length === 0)
      ended = !signal.aborted
      return 'ended'
    })
    const deaf = cache.getOrSet('never ends', () => new Promise(() => {}), { hardTimeout: '2s' }).catch((error: { code: string }) => error.code)
    await until('the loads to be under way', async () => cache.stats().loads.active === 2)
    const closing = close(caches.pop()!, BOUND + 1_000)
    expect([await ending, ended]).toEqual(['ended', true])
    expect(await deaf).toBe('STRATA_CLOSED')
    await closing
    await nothingLeft()
  })
})
