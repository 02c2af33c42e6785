import { createCache, memory } from '@stratacache/core'
import { manualClock } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard } from '../scenarios/town.ts'

describe('bounds', () => {
  it("policy 'lru': the least recently used entry leaves first", async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 3, policy: 'lru' })] })
    const evicted = heard(cache, 'evict')
    for (const key of ['a', 'b', 'c']) await cache.set(key, key)
    cache.getSync('a')
    await cache.getOrSet('b', () => 'not loaded')
    await cache.set('d', 'd')
    expect(evicted).toEqual([{ key: 'c', cause: 'capacity' }])
    expect(['a', 'b', 'c', 'd'].map((key) => cache.getSync(key))).toEqual(['a', 'b', undefined, 'd'])
    expect(cache.stats().memory).toMatchObject({ entries: 3, maxEntries: 3 })
  })

  it('maxBytes: entries leave until the rest fits', async () => {
    const cache = createCache({ tiers: [memory({ maxBytes: 100_000 })] })
    for (let i = 0; i < 100; i++) await cache.set(`key${i}`, 'x'.repeat(1_000))
    const { entries, bytes } = cache.stats().memory!
    expect(entries).toBeGreaterThan(75)
    expect(entries).toBeLessThan(95)
    expect(bytes).toBeLessThanOrEqual(100_000)
    expect(cache.getSync('key99')).toBeDefined()
  })

  it('an oversized value is refused and does not flush the rest; the outdated entry under its key is gone', async () => {
    const cache = createCache({ tiers: [memory({ maxBytes: 10_000 })] })
    const evicted = heard(cache, 'evict')
    await cache.set('small', 1)
    await cache.set('big', 1)
    await cache.set('big', 'x'.repeat(100_000))
    expect(cache.getSync('small')).toBe(1)
    expect(cache.getSync('big')).toBeUndefined()
    expect(evicted).toContainEqual({ key: 'big', cause: 'rejected' })
    expect(await cache.getOrSet('big', () => 'y'.repeat(100_000))).toHaveLength(100_000)
  })

  it('one bound holds for all namespaces together, and keys of namespaces never meet', async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 2 })] })
    const [a, b] = [cache.namespace('a'), cache.namespace('b')]
    await a.set('k', 'a')
    await b.set('k', 'b')
    expect([a.getSync('k'), b.getSync('k'), cache.getSync('k')]).toEqual(['a', 'b', undefined])
    await cache.set('k', 'root')
    expect([a.getSync('k'), b.getSync('k'), cache.getSync('k')]).toEqual([undefined, 'b', 'root'])
  })

  it('a namespace that comes after the first entries has its own', async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 10 })] })
    await cache.set('root', 1)
    const late = cache.namespace('late')
    await late.set('a', 'a of late')
    await late.delete('a')
    await cache.set('b', 'b of root')
    expect([late.getSync('a'), cache.getSync('b'), cache.getSync('root')]).toEqual([undefined, 'b of root', 1])
  })

  it('slots are reused: a store that was filled, emptied and filled again holds what it should', async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 500, policy: 'lru' })] })
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 700; i++) await cache.set(`${round}:${i}`, i)
      for (let i = 0; i < 700; i += 3) await cache.delete(`${round}:${i}`)
      for (let i = 200; i < 700; i++) expect(cache.getSync(`${round}:${i}`)).toBe(i % 3 === 0 ? undefined : i)
    }
    await cache.clear()
    expect(cache.stats().memory).toMatchObject({ entries: 0 })
  })
})

describe('copy', () => {
  it("'none' hands out the stored object", async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 10 })] })
    const value = { n: 1 }
    await cache.set('a', value)
    expect(cache.getSync('a')).toBe(value)
  })

  it("'clone' isolates callers from each other and from the store", async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 10, copy: 'clone' })] })
    const original = { n: 1 }
    const loaded = await Promise.all([cache.getOrSet('a', () => original), cache.getOrSet('a', () => original)])
    original.n = 2
    loaded[0].n = 3
    expect(loaded[0]).not.toBe(loaded[1])
    for (const value of [await cache.get('a'), cache.getSync('a'), await cache.getOrSet('a', () => original)]) {
      expect(value).toEqual({ n: 1 })
      ;(value as { n: number }).n = 4
    }
    expect(cache.getSync('a')).toEqual({ n: 1 })
  })

  it("'freeze' hands out frozen objects", async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 10, copy: 'freeze' })] })
    await cache.set('a', { list: [{ n: 1 }] })
    const value = cache.getSync<{ list: { n: number }[] }>('a')!
    expect(() => (value.list[0]!.n = 2)).toThrow(TypeError)
  })
})

it('every cause of leaving is counted, and told by an event', async () => {
  const clock = manualClock()
  const cache = createCache({ clock, jitter: 0, tiers: [memory({ maxEntries: 2, maxBytes: 10_000 })] })
  const evicted = heard(cache, 'evict')
  await cache.set('a', 1)
  await cache.set('a', 2)
  await cache.delete('a')
  await cache.set('b', 'x'.repeat(20_000))
  await cache.set('c', 1, { ttl: 1_000 })
  await clock.advance(2_000)
  for (const key of ['d', 'e', 'f']) await cache.set(key, 1)
  const causes = ['replaced', 'invalidated', 'rejected', 'expired', 'capacity']
  expect(evicted).toEqual(causes.map((cause) => ({ key: expect.any(String) as string, cause })))
  expect(cache.stats().tiers['memory']!.evictions).toEqual(Object.fromEntries(causes.map((cause) => [cause, 1])))
})
