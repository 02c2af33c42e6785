import { createCache, memory } from '@stratacache/core'
import { manualClock } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { ExpiryWheel } from '../../src/memory/expiry-wheel.ts'
import { seeded } from '../fuzz.ts'
import { heard } from '../scenarios/town.ts'

describe('the expiry wheel', () => {
  it('agrees with a naive list over random operations', () => {
    const random = seeded(11)
    const wheel = new ExpiryWheel()
    wheel.grow(200)
    const ends = new Map<number, number>()
    let now = 1_000_000_007
    for (let step = 0; step < 10_000; step++) {
      const slot = Math.floor(random() * 200)
      const action = random()
      if (action < 0.5) {
        const end = now + Math.floor(random() ** 6 * 20_000_000) - 1
        wheel.schedule(slot, end, now)
        ends.set(slot, end)
      } else if (action < 0.6) {
        wheel.cancel(slot)
        ends.delete(slot)
      } else {
        now += Math.floor(random() ** 12 * 20_000)
        const due: number[] = []
        while (!wheel.advance(now, 1 + Math.floor(random() * 50), (each) => ends.get(each)!, (each) => void due.push(each))) expect(due.length).toBeLessThan(201)
        for (const each of due) {
          expect(ends.get(each)).toBeLessThanOrEqual(now)
          ends.delete(each)
        }
        // One that was scheduled for the past is due with the next tick.
        expect(Math.min(...ends.values())).toBeGreaterThanOrEqual(now - 1)
      }
      expect(wheel.count).toBe(ends.size)
    }
  })

  it('looks at no more than it is told to in one go', () => {
    const wheel = new ExpiryWheel()
    wheel.grow(1_000)
    for (let slot = 0; slot < 1_000; slot++) wheel.schedule(slot, 10, 1)
    let due = 0
    let turns = 1
    for (let before = 0; !wheel.advance(100, 50, () => 10, () => due++); before = due) {
      expect(due - before).toBeLessThanOrEqual(50)
      turns++
    }
    expect([due, turns]).toEqual([1_000, 21])
  })
})

describe('what has ended', () => {
  it('is taken out within a second, though nobody asks for it', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, tiers: [memory({ maxEntries: 10_000 })] })
    const evicted = heard(cache, 'evict')
    for (let key = 0; key < 3_000; key++) await cache.set(`short${key}`, key, { ttl: 5_000 })
    await cache.set('stale', 1, { ttl: 5_000, staleWhileRevalidate: 5_000 })
    await cache.set('endless', 1, { ttl: Infinity })
    await cache.set('long', 1, { ttl: '3h' })
    await clock.advance(4_999)
    expect([cache.stats().memory!.entries, evicted]).toEqual([3_003, []])
    await clock.advance(1_001)
    expect(cache.stats().memory!.entries).toBe(3)
    expect(evicted[0]).toEqual({ key: expect.stringMatching('short') as string, cause: 'expired' })
    expect(cache.stats().tiers['memory']!.evictions!.expired).toBe(3_000)
    await clock.advance(5_000)
    expect(cache.stats().memory!.entries).toBe(2)
    await clock.advance(3 * 3_600_000)
    expect(cache.stats().memory!.entries).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('counts from the last write, and from a soft invalidation', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, tiers: [memory({ maxEntries: 10 })] })
    await cache.set('again', 1, { ttl: 5_000 })
    await cache.set('expired', 1, { ttl: '1h', staleIfError: 2_000 })
    await clock.advance(4_000)
    await cache.set('again', 2, { ttl: 5_000 })
    await cache.expire({ keys: ['expired'] })
    await clock.advance(4_000)
    expect([cache.stats().memory!.entries, cache.getSync('again')]).toEqual([1, 2])
  })

  it('is not what has left before, nor what has taken its place', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, tiers: [memory({ maxEntries: 10 })] })
    for (const key of ['a', 'b', 'c']) await cache.set(key, key, { ttl: 5_000 })
    await cache.delete('a', 'b')
    await cache.set('d', 'd', { ttl: Infinity })
    await clock.advance(10_000)
    expect(cache.stats().memory!.entries).toBe(1)
    for (const key of ['e', 'f', 'g']) await cache.set(key, key, { ttl: Infinity })
    expect(['d', 'e', 'f', 'g'].map((key) => cache.getSync(key))).toEqual(['d', 'e', 'f', 'g'])
    expect(cache.stats().memory!.entries).toBe(4)
  })

  it('is waited for no longer once it has left, or ends no more', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, tiers: [memory({ maxEntries: 10 })] })
    for (const key of ['gone', 'endless']) await cache.set(key, key, { ttl: 5_000 })
    await cache.delete('gone')
    await cache.set('endless', 'still', { ttl: Infinity })
    await clock.advance(6_000)
    expect([cache.getSync('endless'), clock.pending]).toEqual(['still', 0])
  })

  it("is not served as stale past the tier's own ttl", async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0, tiers: [memory({ maxEntries: 10, ttl: 1_000 })] })
    await cache.set('a', 1, { ttl: 5_000, staleWhileRevalidate: '1h' })
    await clock.advance(999)
    expect(await cache.getOrSet('a', () => 2, { staleWhileRevalidate: '1h' })).toBe(1)
    await clock.advance(1)
    expect(await cache.getOrSet('a', () => 2, { staleWhileRevalidate: '1h' })).toBe(2)
  })

  it('keeps no timer where nothing ends, nor after close, in any of its tiers', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, tiers: [memory({ maxEntries: 1 }), memory({ maxEntries: 10 })] })
    await cache.set('a', 1)
    expect(clock.pending).toBe(0)
    await cache.set('b', 1, { ttl: '1h' })
    expect(clock.pending).toBe(2)
    await cache.close()
    expect(clock.pending).toBe(0)
  })
})
