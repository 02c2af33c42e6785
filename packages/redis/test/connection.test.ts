import type { EventEmitter } from 'node:events'
import type { SharedStore } from '@stratacache/core'
import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { createClient } from 'redis'
import { type Proxy, startProxy, startRedis, until } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'
import { aFill, anInvalidation, aWrite, stored, tierError } from './drafts.ts'

const server = await startRedis()
const admin = new Redis(server.url)
let proxy: Proxy
let undo: (() => unknown)[]

const open = (options: RedisOptions): SharedStore => {
  const store = redis(options).open()
  undo.unshift(() => store.close())
  return store
}
const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length

/** Clients as their owners make them, with the library's own ideas about queues and retries. */
const clients: Record<string, () => RedisOptions> = {
  url: () => ({ url: proxy.url }),
  'a given ioredis 6': () => {
    const client = new Redis(proxy.url, { retryStrategy: () => 20 }).on('error', () => {})
    undo.unshift(() => client.disconnect())
    return { client }
  },
  'a given ioredis 5': () => {
    const client = new Redis5(proxy.url, { retryStrategy: () => 20 }).on('error', () => {})
    undo.unshift(() => client.disconnect())
    return { client }
  },
  'a given node-redis': () => {
    const client = createClient({ url: proxy.url, socket: { reconnectStrategy: 20 } }).on('error', () => {})
    undo.unshift(() => client.destroy())
    client.connect().catch(() => {})
    return { client }
  },
}

beforeEach(async () => {
  undo = []
  proxy = await startProxy(server)
  await admin.flushall()
})
afterEach(async () => {
  for (const each of undo) await each()
  await proxy.stop()
})
afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

describe.each(Object.entries(clients))('the connection of %s', (_, options) => {
  it('is waited for by the first operation', async () => {
    proxy.delay(30)
    const store = open(options())
    const [read, written] = await Promise.all([store.read({ keys: ['k'], tags: [] }), store.write(aWrite('k'))])
    expect([read.entries, written.status]).toEqual([[undefined], 'stored'])
  })

  it('that is killed while something is under way rejects that at once, and recovers', async () => {
    const store = open(options())
    await store.connect()
    proxy.pauseDirection('down')
    const pending = [store.read({ keys: ['k'], tags: [] }), store.inspect('k'), store.invalidate(anInvalidation({ keys: ['k'] }))].map(tierError)
    await until('all of it to be under way', async () => proxy.stats.requestsInFlight >= 3)
    await proxy.cut()
    for (const error of await Promise.all(pending)) expect(error.message).toMatch(/^tier "redis": \w+ failed \(\w+\)$/)
    proxy.resume()
    await proxy.restore()
    await until('the store to answer', async () => (await store.write(aWrite('k'))).status === 'stored')
    await store.connect()
    expect((await stored(store, 'k'))!.value).toBe('written')
  })

  it('that is lost refuses at once what is asked meanwhile', async () => {
    const store = open(options())
    await store.connect()
    const log = await store.openLog()
    await proxy.cut()
    await until('the store to notice', () => store.inspect('k').then(() => false, () => true))
    const begun = performance.now()
    const calls = [store.read({ keys: ['k'], tags: [] }), store.write(aWrite('k')), store.openLog(), log.read(0, 1_000), log.start()]
    for (const error of await Promise.all(calls.map(tierError))) expect(error.message).not.toContain('strata:')
    expect(performance.now() - begun).toBeLessThan(1_000)
    await proxy.restore()
    await until('the store to answer', async () => (await store.openLog()) !== undefined)
  })

  it('carries nothing a second time: what was under way when it died is not executed later', async () => {
    const store = open(options())
    await store.write(aWrite('k'))
    await store.invalidate(anInvalidation({ keys: ['k'] }))
    proxy.pauseDirection('up')
    const late = tierError(store.write(aWrite('k')))
    await until('it to be under way', async () => proxy.stats.requestsInFlight > 0)
    await proxy.cut()
    proxy.resume()
    await proxy.restore()
    await late
    await until('the store to answer', async () => (await store.inspect('k')).lease === undefined)
    expect(await stored(store, 'k')).toBeUndefined()
  })

  it('executes no write and grants no lease that nobody waits for any more', async () => {
    const store = open({ ...options(), commandTimeout: 50 })
    await store.connect()
    const lease = { key: 'k', token: 't', ttlMs: 10_000, seen: 0 }
    proxy.delay(120, 'up')
    const errors = await Promise.all([tierError(store.write(aWrite('k'))), tierError(store.lease([lease]))])
    expect(errors.map(({ message }) => message)).toEqual(['tier "redis": write failed (LATE)', 'tier "redis": lease failed (LATE)'])
    proxy.delay(0, 'up')
    expect([await stored(store, 'k'), await store.inspect('k')]).toEqual([undefined, { lease: undefined }])
    expect((await store.lease([lease]))[0]!.status).toBe('granted')
    expect((await store.write(aWrite('k'))).status).toBe('stored')
  })

  it('of the log is its own, and ends with it', async () => {
    const store = open(options())
    await store.connect()
    const { connections } = proxy.stats
    const log = await store.openLog()
    expect(proxy.stats.connections).toBe(connections + 1)
    const { tail } = await log.start()
    const reading = log.read(tail, 10_000).catch(() => {})
    // What blocks there does not hold up the rest.
    expect((await store.write(aWrite('k'))).status).toBe('stored')
    await reading
    const blocked = tierError(log.read(Number.MAX_SAFE_INTEGER, 60_000))
    await log.close()
    await log.close()
    await blocked
    await until('its connection to be gone', async () => proxy.stats.connections === connections)
  })

  it('of the log is gone when it is closed while it opens, in whatever phase', async () => {
    const settings = options()
    const first = open(settings)
    await first.connect()
    const { connections } = proxy.stats
    const ofOurs = settings.url === undefined ? 0 : 1
    for (let phase = 0; phase < 60; phase++) {
      const store = redis(settings).open()
      await store.connect()
      const opening = store.openLog().catch(() => {})
      for (let i = 0; i < Math.min(phase, 50); i++) await Promise.resolve()
      for (let i = 50; i < phase; i++) await new Promise((resolve) => setImmediate(resolve))
      const closing = store.close()
      await Promise.all([opening, closing])
    }
    await until('the connections to be gone', async () => proxy.stats.connections === connections)
    await first.close()
    await until('ours to be gone', async () => proxy.stats.connections === connections - ofOurs)
  })

  it('of the log is given up when it does not open in time', async () => {
    const store = open({ ...options(), heartbeat: 50 })
    await store.connect()
    const { connections } = proxy.stats
    proxy.pauseDirection('down')
    expect((await tierError(store.openLog())).message).toMatch(/no connection within 50 ms|opening the log failed/)
    // What was held has to reach the proxy's end before it lets go.
    proxy.resume()
    await until('its connection to be gone', async () => proxy.stats.connections === connections)
  })
})

describe('a client that is given', () => {
  const given = {
    'ioredis 6': async () => {
      const client = new Redis(proxy.url)
      return { client, ping: () => client.ping(), end: () => client.disconnect() }
    },
    'ioredis 5': async () => {
      const client = new Redis5(proxy.url)
      return { client, ping: () => client.ping(), end: () => client.disconnect() }
    },
    'node-redis': async () => {
      const client = await createClient({ url: proxy.url }).on('error', () => {}).connect()
      return { client, ping: () => client.ping(), end: () => client.destroy() }
    },
  }

  it.each(Object.entries(given))('%s stays open, and is left without a listener of ours', async (_, make) => {
    const { client, ping, end } = await make()
    const emitter = client as unknown as EventEmitter
    const listeners = () => emitter.eventNames().map((name) => [name, emitter.listenerCount(name)])
    const before = listeners()
    const store = open({ client })
    await store.connect()
    const log = await store.openLog()
    await log.start()
    await store.write(aWrite('k'))
    await store.close()
    expect(listeners()).toEqual(before)
    expect(await ping()).toBe('PONG')
    await until('the connection of the log to be gone', async () => proxy.stats.connections === 1)
    end()
  })

  it('that its owner connects later is waited for', async () => {
    const lazy = new Redis(proxy.url, { lazyConnect: true })
    const node = createClient({ url: proxy.url }).on('error', () => {})
    undo.push(() => lazy.disconnect(), () => node.destroy())
    expect((await open({ client: lazy }).write(aWrite('a'))).status).toBe('stored')
    const writing = open({ client: node }).write(aWrite('b'))
    await node.connect()
    expect((await writing).status).toBe('stored')
  })

  it('may have options of its own: they do not concern what we send, but its prefix comes first', async () => {
    const options = { enableAutoPipelining: true, stringNumbers: true, showFriendlyErrorStack: true, lazyConnect: true }
    for (const client of [
      new Redis(proxy.url, { ...options, keyPrefix: 'app:' }),
      new Redis5(proxy.url, { ...options, keyPrefix: 'app:' }),
      new Redis(proxy.url, { protocol: 2, keyPrefix: 'app:' }),
      new Redis(proxy.url, { replyMapping: 'resp3', keyPrefix: 'app:' }),
      await createClient({ url: proxy.url, RESP: 2, keyPrefix: 'app:' }).on('error', () => {}).connect(),
      await createClient({ url: proxy.url, commandOptions: { typeMapping: { 36: Buffer, 58: String } }, keyPrefix: 'app:' }).on('error', () => {}).connect(),
    ]) {
      await admin.flushall()
      const store = open({ client } as RedisOptions)
      const log = await store.openLog()
      const { tail } = await log.start()
      expect(await store.fill(await aFill(store, 'k', { tags: ['t'] }))).toBe(true)
      expect((await store.lease([{ key: 'k', token: 'x', ttlMs: 1_000, seen: Number.MAX_SAFE_INTEGER }]))[0]!.status).toBe('granted')
      expect(await store.inspect('k')).toEqual({ lease: 'x' })
      const { stamp, time } = await store.invalidate(anInvalidation({ keys: ['other'], tags: ['t'] }))
      expect([(await stored(store, 'k'))!.value, (await store.read({ keys: [], tags: ['t'] })).tags]).toEqual(['loaded', [{ hard: stamp, soft: 0 }]])
      const batch = await log.read(tail, 0)
      expect(batch.records).toEqual([{ stamp, prev: tail, source: 's', keys: ['other'], tags: ['t'], soft: false, lagMs: 0 }])
      expect(batch.time).toBeGreaterThanOrEqual(time)
      expect((await log.read(stamp, 5)).records).toEqual([])
      expect((await admin.keys('*')).every((key) => key.startsWith('app:strata:1:'))).toBe(true)
      void client.disconnect()
    }
  })
})

describe('a client of ours', () => {
  it('says why it cannot connect, and does when it can', async () => {
    await proxy.cut()
    const store = open({ url: proxy.url })
    const error = await tierError(store.connect())
    expect(error).toMatchObject({ message: 'tier "redis": not connected (ECONNREFUSED)', cause: { code: 'ECONNREFUSED' } })
    await tierError(store.read({ keys: ['k'], tags: [] }))
    await proxy.restore()
    await until('it to connect', async () => (await store.connect()) === undefined)
    expect((await store.write(aWrite('k'))).status).toBe('stored')
  })

  it('gives up a connection that is open and dead', async () => {
    const store = open({ url: proxy.url })
    await store.connect()
    proxy.pauseDirection('down')
    await tierError(store.read({ keys: ['k'], tags: [] }))
    proxy.resume()
    await until('it to answer', async () => (await stored(store, 'k')) === undefined)
  })

  it('gives up a connection that is dead before the client is ready', async () => {
    proxy.pauseDirection('down')
    proxy.stats.reset()
    const store = open({ url: proxy.url })
    await tierError(store.connect())
    await until('another attempt', async () => proxy.stats.accepted > 1)
    proxy.resume()
    await until('it to connect', () => store.connect().then(() => true, () => false))
  })

  it('leaves no socket behind', async () => {
    const before = sockets()
    for (const silent of [false, true]) {
      const store = open({ url: proxy.url })
      const log = await store.openLog()
      await log.start()
      const pending = [log.read(Number.MAX_SAFE_INTEGER, 60_000)].map(tierError)
      if (silent) {
        proxy.pauseDirection('down')
        pending.push(tierError(store.inspect('k')), tierError(store.openLog()))
        await until('a second log to be opening', async () => proxy.stats.connections >= 3)
      }
      await store.close()
      await store.close()
      await Promise.all(pending)
      // The proxy has sockets in this process as well, two for each connection.
      expect(sockets()).toBeLessThanOrEqual(before + 2 * proxy.stats.connections)
      proxy.resume()
      await until('the server to see them go', async () => proxy.stats.connections === 0)
      expect(sockets()).toBeLessThanOrEqual(before)
    }
    const never = open({ url: proxy.url })
    await never.close()
    const closedEarly = open({ url: proxy.url })
    const connecting = tierError(closedEarly.connect())
    await closedEarly.close()
    await connecting
    await until('nothing to be left', async () => sockets() <= before)
  })

  it('keeps to our rules whatever the query of the url says', async () => {
    const store = open({ url: `${proxy.url}/3?keyPrefix=x:&enableOfflineQueue=true&maxRetriesPerRequest=20` })
    await (await store.openLog()).start()
    await store.write(aWrite('k'))
    expect(await stored(store, 'k')).toMatchObject({ value: 'written' })
    await admin.select(3)
    const names = await admin.keys('*')
    await admin.select(0)
    expect(names.every((name) => name.startsWith('strata:1:'))).toBe(true)
    expect(names).toHaveLength(4)
  })

  it('is closed while it is away', async () => {
    const store = open({ url: proxy.url })
    await store.connect()
    await proxy.cut()
    await until('the store to notice', () => store.inspect('k').then(() => false, () => true))
    await store.close()
    const never = open({ url: proxy.url })
    await tierError(never.connect())
    await never.close()
    await proxy.restore()
    // Nothing reconnects: the only way to see that is to let something else connect first.
    const other = open({ url: proxy.url })
    await other.connect()
    expect(proxy.stats.connections).toBe(1)
  })

  it('needs ioredis to be installed', async () => {
    vi.doMock('ioredis', () => {
      throw new Error("Cannot find package 'ioredis'")
    })
    const error = await tierError(open({ url: proxy.url }).connect())
    vi.doUnmock('ioredis')
    expect(error.message).toContain('the option url needs the package ioredis: install it, or give a client')
  })
})
