import { type Cache, createCache, entry, memory, tierChannel } from '@stratacache/core'
import { rest } from '@stratacache/core/testing'
import { startProxy, startRedis } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { redis } from '../src/index.ts'

/* The cost budget of docs/design/coherence.md, counted on the wire. */

const server = await startRedis()
const proxy = await startProxy(server)
let cache: Cache
let warm: Cache

afterAll(async () => {
  await proxy.stop()
  await server.stop()
})

beforeEach(async () => {
  // The log has a connection of its own, which goes around the proxy's count: only commands of the cache are looked at.
  const tiers = (url: string) => [memory({ maxEntries: 1_000 }), redis({ url, heartbeat: '60s' })] as const
  cache = createCache({ tiers: tiers(proxy.url) })
  warm = createCache({ tiers: tiers(server.url) })
  await Promise.all([cache.ready(), warm.ready()])
  // Once everything, for the server to know the scripts and the follower to be waiting.
  await cache.getOrSet('warm-up', () => 1)
  await cache.set('warm-up', 2)
  await cache.invalidate({ keys: ['warm-up'], tags: ['warm-up'] })
  await settled()
  proxy.stats.reset()
})

afterEach(async () => {
  await Promise.all([cache.close(), warm.close()])
})

let underWay = 0
const count = {
  start: () => void underWay++,
  end: () => {},
  asyncStart: () => {},
  asyncEnd: () => void underWay--,
  error: () => {},
}
tierChannel.subscribe(count)
afterAll(() => {
  tierChannel.unsubscribe(count)
})

/** Resolves when the fills that nobody waits for are answered. */
async function settled(): Promise<void> {
  do await rest()
  while (underWay > 0)
}

/** What was asked, without the log's reader. */
const commands = (): string[] => proxy.stats.commands.filter((command) => !/^(X|GET|TIME|PING|CLIENT|HELLO|INFO)/.test(command)).map((command) => command.split(' ')[0]!)

describe('round trips', () => {
  it('a memory hit: none', async () => {
    await cache.set('a', 1)
    proxy.stats.reset()
    expect(await cache.getOrSet('a', () => 2)).toBe(1)
    expect(cache.getSync('a')).toBe(1)
    expect(commands()).toEqual([])
  })

  it('a shared hit: one', async () => {
    await warm.set('a', 1)
    proxy.stats.reset()
    expect(await cache.getOrSet('a', () => 2)).toBe(1)
    expect(commands()).toEqual(['MGET'])
  })

  it('a shared hit whose tags the follower knows: one', async () => {
    await warm.set('a', 1, { tags: ['t'] })
    await warm.set('b', 1, { tags: ['t'] })
    await cache.get('a')
    proxy.stats.reset()
    expect(await cache.get('b')).toBe(1)
    expect(commands()).toEqual(['MGET'])
  })

  it('a hundred shared hits of one turn: one', async () => {
    const keys = Array.from({ length: 100 }, (_, i) => `k${i}`)
    for (const key of keys) await warm.set(key, key)
    await rest()
    proxy.stats.reset()
    expect(await Promise.all(keys.map((key) => cache.getOrSet(key, () => 'loaded')))).toEqual(keys)
    expect(commands()).toEqual(['MGET'])
  })

  it('a miss: two before the loader, one after it that the caller does not wait for', async () => {
    let before: string[] = []
    const value = await cache.getOrSet('never stored', () => {
      before = commands()
      // From here on no answer comes back: who waited for the fill would wait for ever.
      proxy.pauseDirection('down')
      return entry(1, { tags: ['t', 'u'] })
    })
    expect(value).toBe(1)
    proxy.resume('down')
    await settled()
    expect(before).toEqual(['MGET', 'EVALSHA'])
    expect(commands()).toEqual(['MGET', 'EVALSHA', 'EVALSHA'])
  })

  it('a hundred misses of one turn: two before the loader', async () => {
    const keys = Array.from({ length: 100 }, (_, i) => `miss${i}`)
    let before: string[] = []
    await cache.getOrSetMany(keys, (missing) => {
      before = commands()
      return missing.map(() => 1)
    })
    await settled()
    expect(before).toEqual(['MGET', 'EVALSHA'])
  })

  it('an invalidation of any number of keys and tags: one', async () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => `k${i}`)
    expect((await cache.invalidate({ keys, tags: keys })).status).toBe('applied')
    expect(commands()).toEqual(['EVALSHA'])
    proxy.stats.reset()
    await cache.clear()
    expect(commands()).toEqual(['EVALSHA'])
  })

  it('a set: one', async () => {
    await cache.set('a', 1, { tags: ['t'] })
    expect(commands()).toEqual(['EVALSHA'])
  })
})
