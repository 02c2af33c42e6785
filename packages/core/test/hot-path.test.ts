import { createCache, memory } from '@stratacache/core'
import { describe, expect, it } from 'vitest'

/* On the machine's clock: only its time is held. Nothing here waits: one turn of the event loop does it all. */

const ENOUGH_TO_HOLD = 50

describe('a memory hit, while the time of the turn is held', () => {
  const cacheOf = () => createCache({ jitter: 0, tiers: [memory({ maxEntries: 10 })] })

  /** After that the time is held. */
  async function held() {
    const cache = cacheOf()
    await cache.set('a', 1)
    for (let read = 0; read < ENOUGH_TO_HOLD; read++) cache.getSync('a')
    return cache
  }

  it('is heard of by a listener that has come since', async () => {
    const cache = await held()
    const keys: string[] = []
    cache.on('hit', ({ key }) => keys.push(key))
    cache.getSync('a')
    expect(keys).toEqual(['a'])
  })

  it('does not outlive its entry, however long the turn', async () => {
    const cache = await held()
    void cache.set('short', 1, { ttl: 20 })
    const until = performance.now() + 5_000
    let reads = 0
    while (cache.getSync('short') !== undefined && performance.now() < until) reads++
    expect(performance.now()).toBeLessThan(until)
    expect(reads).toBeGreaterThan(0)
  })

  it('does not outlive the turn', async () => {
    const cache = await held()
    void cache.set('short', 1, { ttl: 5 })
    await new Promise(setImmediate)
    const until = performance.now() + 10
    while (performance.now() < until);
    expect(cache.getSync('short')).toBeUndefined()
  })

  it('is not of what was stored as stale, at a time that is not that of the hits before', async () => {
    const cache = await held()
    const until = performance.now() + 2
    while (performance.now() < until) void cache.set('other', 1)
    void cache.set('stale', 1, { ttl: 0, staleIfError: '1m' })
    expect(cache.getSync('stale')).toBeUndefined()
  })

  it('is counted', async () => {
    const cache = await held()
    for (let read = 0; read < 1_000; read++) cache.getSync('a')
    expect(cache.stats().requests.hit).toBe(1_000 + ENOUGH_TO_HOLD)
  })
})
