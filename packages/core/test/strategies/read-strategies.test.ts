import { ConfigError, createCache, memory, probabilisticRefresh, refreshAhead } from '@stratacache/core'
import { manualClock, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from '../scenarios/town.ts'

/** Answers 1, 2, 3. */
function counting(): { load: () => number; loads: () => number } {
  let loads = 0
  return { load: () => ++loads, loads: () => loads }
}

describe('refreshAhead', () => {
  it('answers with what is there and loads anew in the background, once its share of the ttl is over', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, ttl: 1_000, read: refreshAhead() })
    const { load, loads } = counting()
    const read = () => cache.getOrSet('k', load)
    await read()
    await clock.advance(799)
    expect([await read(), loads()]).toEqual([1, 1])
    await clock.advance(1)
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
    await rest()
    expect([await read(), loads()]).toEqual([2, 2])
    await clock.advance(799)
    expect([await read(), loads()]).toEqual([2, 2])
    expect(cache.stats().requests).toMatchObject({ hit: 6, miss: 1, stale: 0 })
  })

  it('is of one read, where only that asks for it', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, ttl: 1_000 })
    const { load, loads } = counting()
    await cache.getOrSet('k', load)
    await clock.advance(600)
    await cache.getOrSet('k', load)
    expect(loads()).toBe(1)
    await cache.getOrSet('k', load, { read: refreshAhead({ at: 0.5 }) })
    await rest()
    expect(loads()).toBe(2)
  })

  it('leaves alone what has no ttl, and what nobody reads', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, read: refreshAhead() })
    const { load, loads } = counting()
    await cache.getOrSet('endless', load)
    await cache.getOrSet('unread', load, { ttl: 1_000 })
    await clock.advance(1_000_000)
    await cache.getOrSet('endless', load)
    await rest()
    expect(loads()).toBe(2)
  })

  it('keeps what it has when the load fails, and tries again with the next hit', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, ttl: 1_000, read: refreshAhead() })
    const errors = heard(cache, 'loadError')
    await cache.getOrSet('k', () => 'old')
    await clock.advance(900)
    const fail = (): string => {
      throw new Error('down')
    }
    for (let read = 1; read <= 2; read++) {
      expect(await cache.getOrSet('k', fail)).toBe('old')
      await rest()
      expect(errors).toHaveLength(read)
    }
    expect(await cache.getOrSet('k', () => 'new')).toBe('old')
    await rest()
    expect(cache.getSync('k')).toBe('new')
  })

  it('tells the loader what it is to replace', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, ttl: 1_000, read: refreshAhead() })
    await cache.getOrSet('k', () => 'old')
    await clock.advance(900)
    const told: unknown[] = []
    await cache.getOrSet('k', ({ stale }) => {
      told.push(stale)
      return 'new'
    })
    await rest()
    expect(told).toEqual([{ value: 'old', ageMs: 900 }])
  })

  it('loads once for all processes, and takes what another has loaded meanwhile', async () => {
    await using town = new Town()
    const config = { ttl: 1_000, read: refreshAhead() }
    const [a, b, c] = [await town.process(config), await town.process(config), await town.process(config)]
    const { load, loads } = counting()
    for (const cache of [a, b, c]) expect(await cache.getOrSet('k', load)).toBe(1)
    await town.clock.advance(850)
    expect(await Promise.all([a, b].map((cache) => cache.getOrSet('k', load)))).toEqual([1, 1])
    await rest()
    expect(loads()).toBe(2)
    // Its own copy is due, but not what the shared tier has.
    expect(await c.getOrSet('k', load)).toBe(1)
    await rest()
    expect([await c.getOrSet('k', load), loads()]).toEqual([2, 2])
  })

  it("is not asked of a copy that is past memory's own ttl: what the tier below has decides", async () => {
    await using town = new Town()
    const tiers = [memory({ maxEntries: 10, ttl: 100 }), town.backend.tier()] as const
    const cache = await town.process({ ttl: 1_000, staleIfError: 5_000, read: refreshAhead(), tiers: [...tiers] })
    const { load, loads } = counting()
    await cache.getOrSet('k', load)
    await town.clock.advance(150)
    expect(await cache.getOrSet('k', load)).toBe(1)
    await rest()
    expect(loads()).toBe(1)
  })

  it('works on the shared tier alone', async () => {
    await using town = new Town()
    const cache = await town.process({ ttl: 1_000, read: refreshAhead(), tiers: [town.backend.tier()] })
    const { load, loads } = counting()
    await cache.getOrSet('k', load)
    await town.clock.advance(700)
    expect([await cache.getOrSet('k', load), loads()]).toEqual([1, 1])
    await town.clock.advance(150)
    expect(await cache.getOrSet('k', load)).toBe(1)
    await rest()
    expect([await cache.getOrSet('k', load), loads()]).toEqual([2, 2])
  })

  it('does not keep what an invalidation has overtaken', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, ttl: 1_000, read: refreshAhead() })
    await cache.getOrSet('k', () => 'first')
    await clock.advance(900)
    const loaded = Promise.withResolvers<string>()
    await cache.getOrSet('k', () => loaded.promise)
    await cache.delete('k')
    loaded.resolve('of before')
    await rest()
    expect(await cache.getOrSet('k', () => 'of after')).toBe('of after')
  })

  it('wants a share', () => {
    for (const at of [0, 1, -1, Number.NaN, '0.8' as never]) expect(() => refreshAhead({ at })).toThrow(ConfigError)
    expect(() => refreshAhead({ at: 2 })).toThrow('refreshAhead.at')
  })
})

describe('probabilisticRefresh', () => {
  const onHit = (age: number, random: number, beta?: number) =>
    probabilisticRefresh({ beta }).onHit({ ageMs: age, ttlMs: 1_000, loadMs: 100 }, () => random)

  it('refreshes the earlier, the more unlikely the number drawn and the longer a load takes', () => {
    // -ln(1 - r) is 1 for this one: as long before the end as a load takes.
    const one = 1 - Math.exp(-1)
    expect([onHit(899, one), onHit(901, one)]).toEqual(['serve', 'refresh'])
    expect([onHit(799, one, 2), onHit(801, one, 2)]).toEqual(['serve', 'refresh'])
    expect([onHit(999, 0), onHit(0, 1 - Number.EPSILON)]).toEqual(['serve', 'refresh'])
  })

  it('takes the time of the last load from the entry, in every tier', async () => {
    await using town = new Town()
    const draws: number[] = []
    const random = () => draws.shift() ?? 0
    const config = { ttl: 1_000, read: probabilisticRefresh(), random }
    const [a, b] = [await town.process({ ...config, tiers: [memory({ maxEntries: 10 }), town.backend.tier()] }), await town.process(config)]
    const slow = (value: number) => () => new Promise<number>((resolve) => void town.clock.setTimeout(() => resolve(value), 100))
    const first = a.getOrSet('k', slow(1))
    await town.clock.advance(100)
    await first
    await b.get('k')
    await town.clock.advance(850)
    for (const [cache, draw, isRefreshed] of [[b, 0.5, false], [b, 0.9, true], [a, 0.5, false]] as const) {
      draws.push(draw)
      expect(await cache.getOrSet('k', slow(2))).toBe(1)
      await rest()
      expect(cache.stats().loads.active).toBe(isRefreshed ? 1 : 0)
    }
    await town.clock.advance(100)
    expect(b.getSync('k')).toBe(2)
  })

  it('wants a positive beta', () => {
    for (const beta of [0, -1, Infinity, Number.NaN, '1' as never]) expect(() => probabilisticRefresh({ beta })).toThrow(ConfigError)
  })
})
