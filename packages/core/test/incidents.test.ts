import { ConfigError, createCache, memory, tier } from '@stratacache/core'
import { rest, skewedClock } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from './scenarios/town.ts'

describe('a tier that is disabled', () => {
  it('memory is empty and stays so, until it is enabled', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('k', 1)
    const memoryTier = cache.tier('memory')
    expect([memoryTier.name, memoryTier.enabled]).toEqual(['memory', true])
    memoryTier.disable()
    memoryTier.disable()
    expect(memoryTier.enabled).toBe(false)
    expect(cache.getSync('k')).toBe(undefined)
    expect(await cache.get('k')).toBe(1)
    expect(await cache.getOrSet('other', () => 2)).toBe(2)
    expect(await cache.getOrSet('k', () => 3)).toBe(1)
    expect([cache.getSync('k'), cache.getSync('other')]).toEqual([undefined, undefined])
    memoryTier.enable()
    expect(await cache.get('k')).toBe(1)
    expect(cache.getSync('k')).toBe(1)
  })

  it('a shared tier is not asked, counts as away, and hears of what was invalidated when it is enabled', async () => {
    await using town = new Town()
    const [a, b] = [await town.process(), await town.process()]
    const [downs, ups] = [heard(a, 'tierDown'), heard(a, 'tierUp')]
    await a.set('k', 'old')
    expect(await b.get('k')).toBe('old')
    a.tier('shared').disable()
    a.tier('shared').disable()
    expect(a.tier('shared').enabled).toBe(false)
    expect(downs).toMatchObject([{ tier: 'shared', error: { message: "tier \"shared\": disabled" } }])
    await town.clock.advance(10_000)
    const asked = town.backend.faults.executed.length
    expect(await a.getOrSet('k', () => 'loaded')).toBe('loaded')
    expect(await a.getOrSet('x', () => 'loaded')).toBe('loaded')
    expect(await a.delete('k')).toEqual({ status: 'queued' })
    expect(await a.set('y', 1)).toEqual({ status: 'queued' })
    await town.clock.advance(400)
    expect(a.stats().inStep).toBe(false)
    // The other process follows its log; this one asks nothing.
    expect(town.backend.faults.executed.slice(asked).every((operation) => operation === 'readLog')).toBe(true)
    expect(await b.get('k')).toBe('old')
    a.tier('shared').enable()
    await town.clock.advance(1_500)
    expect(ups).toEqual([{ tier: 'shared' }])
    expect(a.stats()).toMatchObject({ inStep: true, queued: 0 })
    expect(await b.get('k')).toBe(undefined)
    expect(await a.getOrSet('k', () => 'new')).toBe('new')
    await town.clock.advance(100)
    expect(await b.get('k')).toBe('new')
  })

  it('an answer that was under way does not enable it', async () => {
    await using town = new Town()
    const cache = await town.process()
    const held = town.backend.faults.holdReply('read')
    const reading = cache.get('k')
    await held.reached
    cache.tier('shared').disable()
    held.open()
    await reading
    expect(cache.tier('shared').enabled).toBe(false)
    await town.clock.advance(5_000)
    expect(cache.tier('shared').enabled).toBe(false)
  })

  it('a plain tier is not asked, and not believed for what it held', async () => {
    const below = memory({ maxEntries: 10 })
    const { entries, store } = plain()
    await using cache = createCache({ tiers: [memory({ maxEntries: 1, policy: 'lru' }), tier(store), { ...below, name: 'third' }] })
    await cache.set('k', 'old')
    cache.tier('plain').disable()
    expect([cache.tier('plain').enabled, cache.tier('third').enabled]).toEqual([false, true])
    cache.tier('third').disable()
    await cache.set('k', 'new')
    await cache.delete('gone')
    expect(entries.size).toBe(1)
    await cache.set('takes the place of k', 1)
    expect(await cache.get('k')).toBe(undefined)
    cache.tier('plain').enable()
    expect(await cache.get('k')).toBe(undefined)
    await cache.set('k', 'newest')
    await cache.set('takes the place of k', 1)
    expect(await cache.get('k')).toBe('newest')
  })

  it('with a shared tier too, whatever this machine takes the time for', async () => {
    await using town = new Town()
    const { store } = plain()
    const tiers = [memory({ maxEntries: 1, policy: 'lru' }), tier(store), town.backend.tier()] as const
    const cache = await town.process({ tiers, clock: skewedClock(town.clock, -3_600_000) })
    await cache.getOrSet('k', () => 'old')
    await rest()
    cache.tier('plain').disable()
    await cache.delete('k')
    await cache.set('takes the place of k', 1)
    cache.tier('plain').enable()
    expect(await cache.get('k')).toBe(undefined)
    expect(await cache.getOrSet('k', () => 'new')).toBe('new')
    await rest()
    await cache.set('takes the place of k', 1)
    expect(await cache.get('k')).toBe('new')
    expect(cache.stats().tiers['plain']?.hit).toBe(1)
  })

  it('of two tiers of one name the second has a number', async () => {
    await using cache = createCache({ tiers: [memory({ maxEntries: 1, policy: 'lru' }), memory({ maxEntries: 10 })] })
    await cache.set('k', 1)
    await cache.set('takes the place of k', 1)
    expect(await cache.get('k')).toBe(1)
    expect(Object.entries(cache.stats().tiers).map(([name, { hit }]) => [name, hit])).toEqual([['memory', 0], ['memory-2', 1]])
    cache.tier('memory-2').disable()
    expect([cache.tier('memory').enabled, cache.tier('memory-2').enabled]).toEqual([true, false])
  })

  it('a name that no tier has is told, with those that there are', async () => {
    await using town = new Town()
    const cache = await town.process()
    expect(() => cache.tier('redis')).toThrow(ConfigError)
    expect(() => cache.tier('redis')).toThrow(`tier must be the name of a tier: 'memory', 'shared', got "redis"`)
  })
})

function plain() {
  const entries = new Map<string, never>()
  const store = {
    name: 'plain',
    get: (key: string) => entries.get(key),
    set: (key: string, entry: unknown) => void entries.set(key, entry as never),
    delete: (keys: readonly string[]) => keys.forEach((key) => entries.delete(key)),
  }
  return { entries, store }
}

describe('readOnly', () => {
  it('serves what is there and loads what is not, and stores nothing', async () => {
    await using town = new Town()
    const writer = await town.process()
    const reader = await town.process({ readOnly: true })
    await writer.set('k', 'there')
    expect(await reader.getOrSet('k', () => 'loaded')).toBe('there')
    expect(reader.getSync('k')).toBe('there')
    let loads = 0
    const load = (): number => ++loads
    expect(await reader.getOrSet('x', load)).toBe(1)
    await rest()
    expect(await reader.getOrSet('x', load)).toBe(2)
    await rest()
    expect(await reader.getOrSetMany(['x', 'y'], (keys) => keys.map(load))).toEqual([3, 4])
    expect(await reader.getOrSet('k', load, { refresh: true })).toBe(5)
    expect(await writer.get('x')).toBe(undefined)
    expect(town.backend.state.leases.size).toBe(0)
    expect(town.backend.faults.executed.filter((operation) => ['fill', 'lease'].includes(operation))).toEqual([])
  })

  it('a set invalidates instead, and invalidations do what they always do', async () => {
    await using town = new Town()
    const writer = await town.process()
    const reader = await town.process({ readOnly: true })
    const through = reader.collection('c', { load: (_key: string) => 'new', write: () => {} })
    for (const outdate of [() => reader.set('k', 'new'), () => reader.delete('k'), () => through.set('k', 'new')]) {
      await writer.set('k', 'old')
      await writer.set('c:k', 'old')
      await outdate()
    }
    expect(await reader.set('k', 'new')).toEqual({ status: 'refused' })
    expect(reader.stats().writes).toEqual({ stored: 0, superseded: 0, queued: 0, refused: 2 })
    expect([await reader.get('k'), await writer.get('k')]).toEqual([undefined, undefined])
    expect(await writer.get('c:k')).toBe(undefined)
  })

  it('without a shared tier as well', async () => {
    await using cache = createCache({ readOnly: true })
    let loads = 0
    for (const expected of [1, 2]) {
      expect(await cache.getOrSet('k', () => ++loads)).toBe(expected)
      await rest()
    }
    expect(await cache.set('k', 1)).toEqual({ status: 'refused' })
    expect(await cache.has('k')).toBe(false)
    expect(() => createCache({ readOnly: 'yes' as never })).toThrow('readOnly must be true or false, got "yes"')
  })
})
