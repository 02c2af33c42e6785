import { createCache, entry, memory, notModified } from '@stratacache/core'
import { rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from './scenarios/town.ts'

describe('shadow', () => {
  it('answers from the source what the cache would have served, and tells what differs and is served still', async () => {
    await using town = new Town()
    const cache = await town.process({ shadow: { sample: 1 } })
    const mismatches = heard(cache, 'mismatch')
    let row = { id: 1, at: new Date(0), tags: new Set(['a']) }
    const read = (): Promise<unknown> => cache.getOrSet('row', () => ({ ...row }))
    await read()
    await read()
    await town.clock.advance(2_000)
    expect(mismatches).toEqual([])
    row = { ...row, tags: new Set(['b']) }
    expect(await read()).toEqual(row)
    expect(mismatches).toEqual([])
    await town.clock.advance(1_000)
    expect(mismatches).toEqual([{ key: 'row', tier: 'memory', ageMs: 2_000 }])
    expect(cache.stats().shadow).toEqual({ compared: 2, mismatched: 1, failed: 0 })
    expect(cache.stats().requests).toEqual({ hit: 0, stale: 0, miss: 1, coalesced: 0, error: 0 })
  })

  it('does not blame the cache for what is invalidated or written a moment later', async () => {
    await using town = new Town()
    const cache = await town.process({ shadow: { sample: 1, grace: '100ms' } })
    const mismatches = heard(cache, 'mismatch')
    let row = 1
    const read = (): Promise<number> => cache.getOrSet('row', () => row, { tags: ['t'] })
    for (const correct of [() => cache.delete('row'), () => cache.invalidateTags('t'), () => cache.set('row', row)]) {
      await read()
      row++
      expect(await read()).toBe(row)
      await town.clock.advance(50)
      await correct()
      await town.clock.advance(100)
    }
    expect(mismatches).toEqual([])
    expect(cache.stats().shadow.mismatched).toBe(0)
  })

  it('compares what the shared tier has as well', async () => {
    await using town = new Town()
    const other = await town.process()
    await other.set('row', 'old')
    const cache = await town.process({ shadow: { sample: 1 } })
    const mismatches = heard(cache, 'mismatch')
    expect(await cache.getOrSet('row', () => 'new')).toBe('new')
    await town.clock.advance(1_000)
    expect(mismatches).toMatchObject([{ key: 'row', tier: 'shared' }])
  })

  it('compares a sample', async () => {
    const draws = [0.2, 0.009, 0.5, 0.01, 0]
    await using cache = createCache({ tiers: [memory({ maxEntries: 10, policy: 'lru' })], shadow: { sample: 0.01 }, random: () => draws.shift() ?? 0.9, jitter: 0 })
    let loads = 0
    for (let read = 0; read < 5; read++) await cache.getOrSet('k', () => ++loads && 'same')
    expect(loads).toBe(3)
    expect(cache.stats().shadow.compared).toBe(2)
    expect(cache.stats().requests.hit).toBe(2)
  })

  it('draws no lots where none is to be compared', async () => {
    let draws = 0
    await using cache = createCache({ tiers: [memory({ maxEntries: 10, policy: 'lru' })], shadow: { sample: 0 }, random: () => ++draws && 0, jitter: 0 })
    for (let read = 0; read < 3; read++) await cache.getOrSet('k', () => 'same')
    expect(draws).toBe(0)
    expect(() => createCache({ shadow: { sample: 0, grace: 'soon' as never } })).toThrow('shadow.grace')
  })

  it('serves what the cache has where the source fails or takes too long', async () => {
    await using town = new Town()
    const cache = await town.process({ shadow: { sample: 1 }, hardTimeout: 100 })
    await cache.getOrSet('k', () => 'cached')
    expect(await cache.getOrSet('k', () => Promise.reject(new Error('down')))).toBe('cached')
    let signal: AbortSignal | undefined
    const slow = cache.getOrSet('k', (context) => new Promise<string>(() => (signal = context.signal)))
    await town.clock.advance(100)
    expect(await slow).toBe('cached')
    expect(signal?.aborted).toBe(true)
    expect(cache.stats().shadow).toEqual({ compared: 0, mismatched: 0, failed: 2 })
  })

  it('a caller who stops waiting is let go, and the load aborted', async () => {
    await using cache = createCache({ shadow: { sample: 1 } })
    await cache.getOrSet('k', () => 'cached')
    const caller = new AbortController()
    let seen: AbortSignal | undefined
    const reading = cache.getOrSet('k', ({ signal }) => new Promise<string>(() => (seen = signal)), { signal: caller.signal })
    await rest()
    caller.abort(new Error('gone'))
    await expect(reading).rejects.toThrow('gone')
    expect(seen?.aborted).toBe(true)
    await expect(cache.getOrSet('k', () => 'source', { signal: caller.signal })).rejects.toThrow('gone')
  })

  it('a comparison that throws harms nobody', async () => {
    await using cache = createCache({ shadow: { sample: 1, equals: () => { throw new Error('cannot compare') } } })
    await cache.getOrSet('k', () => 1)
    expect(await cache.getOrSet('k', () => 2)).toBe(2)
    expect(cache.stats().shadow).toEqual({ compared: 1, mismatched: 0, failed: 0 })
  })

  it('takes the value out of what a loader says more about, and compares as told', async () => {
    await using town = new Town()
    const equals = (cached: unknown, source: unknown): boolean => (cached as { v: number }).v === (source as { v: number }).v
    const cache = await town.process({ shadow: { sample: 1, equals } })
    const mismatches = heard(cache, 'mismatch')
    await cache.getOrSet('k', () => ({ v: 1, at: 1 }))
    expect(await cache.getOrSet('k', () => entry({ v: 1, at: 2 }, { ttl: '1m' }))).toEqual({ v: 1, at: 2 })
    expect(await cache.getOrSet('k', () => notModified<{ v: number; at: number }>())).toEqual({ v: 1, at: 1 })
    await town.clock.advance(1_000)
    expect(mismatches).toEqual([])
    expect(() => createCache({ shadow: { sample: 2, grace: 'soon', equal: 1 } as never })).toThrow(/shadow.equal must be one of.*shadow.sample must be a number from 0 to 1, got 2; shadow.grace/)
  })

  it('collections and wrapped functions are compared too, a refresh is not', async () => {
    await using cache = createCache({ shadow: { sample: 1 } })
    const doubled = cache.wrap('double', (n: number) => 2 * n)
    const squares = cache.collection('squares', { loadMany: (ns: readonly number[]) => ns.map((n) => n * n) })
    for (let round = 0; round < 2; round++) expect([await doubled(2), await squares.getMany([2, 3])]).toEqual([4, [4, 9]])
    await doubled.refresh(2)
    expect(cache.stats().shadow.compared).toBe(3)
  })
})
