import { type Cache, createCache, type InvalidationSink, memory } from '@stratacache/core'
import { gate, manualClock, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { Town } from './town.ts'

const LAG = 500
const tags = ['table']

/** A load that is under way until it is told to end. */
function begin(cache: Cache, value: string): { end(): Promise<void>; readonly begun: Promise<void> } {
  const slow = gate()
  const load = async (): Promise<string> => {
    await slow.pass()
    return value
  }
  const reading = cache.getOrSet('row', load, { tags, ttl: '1h' })
  return {
    begun: slow.reached,
    end: async () => {
      slow.open()
      expect(await reading).toBe(value)
      await rest()
    },
  }
}

const invalidations: [string, (cache: Cache) => Promise<{ readonly status: string }>][] = [
  ['a key', (cache) => cache.delete('row')],
  ['a tag', (cache) => cache.invalidateTags('table')],
  ['everything', (cache) => cache.clear()],
]

describe('replicaLag', () => {
  it('refuses fills for that long after an invalidation, in every tier', async () => {
    await using town = new Town()
    const [cache, other] = [await town.process({ replicaLag: '500ms' }), await town.process({ replicaLag: '500ms' })]
    for (const invalidate of [() => cache.delete('row'), () => cache.invalidateTags('table')]) {
      await invalidate()
      await rest()
      for (const process of [cache, other]) {
        expect(await process.getOrSet('row', () => 'read from a lagging replica', { tags: ['table'] })).toBe('read from a lagging replica')
        await rest()
        expect(process.getSync('row')).toBeUndefined()
      }
      expect(await cache.get('row')).toBeUndefined()
      await town.clock.advance(600)
      expect(await cache.getOrSet('row', () => 'v2', { tags: ['table'] })).toBe('v2')
      await rest()
      expect(cache.getSync('row')).toBe('v2')
    }
  })

  it('of one change alone, as its source says', async () => {
    await using town = new Town()
    const cache = await town.process()
    let sink!: InvalidationSink
    cache.use({ name: 'source', start: (to) => void (sink = to), stop: () => {} })
    await sink.invalidate({ tags, replicaLag: LAG })
    await town.clock.advance(LAG - 1)
    const early = begin(cache, 'read from a lagging replica')
    await early.begun
    await early.end()
    expect(cache.getSync('row')).toBeUndefined()
    await town.clock.advance(1)
    await sink.invalidate({ tags })
    const later = begin(cache, 'v2')
    await later.begun
    await later.end()
    expect(cache.getSync('row')).toBe('v2')
  })

  it.each(invalidations)('%s: a load that began within it is not kept though it ends after it, in no process', async (_, invalidate) => {
    await using town = new Town()
    // Only the one that invalidates has to know of the lag.
    const [cache, other, third] = [await town.process({ replicaLag: LAG }), await town.process(), await town.process()]
    expect(await invalidate(cache)).toMatchObject({ status: 'applied' })
    await rest()
    await town.clock.advance(LAG - 100)
    for (const process of [cache, other]) {
      const loading = begin(process, 'read from a lagging replica')
      await loading.begun
      await town.clock.advance(process === cache ? 1 : 200)
      await loading.end()
      expect(process.getSync('row')).toBeUndefined()
    }
    expect(await third.get('row')).toBeUndefined()
    const later = begin(other, 'v2')
    await later.begun
    await later.end()
    expect([other.getSync('row'), await third.get('row')]).toEqual(['v2', 'v2'])
  })

  it.each(invalidations)('%s: without a shared tier', async (_, invalidate) => {
    const clock = manualClock()
    const cache = createCache({ tiers: [memory({ maxEntries: 10 })], clock, replicaLag: LAG })
    await cache.set('row', 'v1', { tags })
    await invalidate(cache)
    await clock.advance(LAG - 1)
    const early = begin(cache, 'read from a lagging replica')
    await early.begun
    await clock.advance(1_000)
    await early.end()
    expect(cache.getSync('row')).toBeUndefined()
    const later = begin(cache, 'v2')
    await later.begun
    await later.end()
    expect(cache.getSync('row')).toBe('v2')
    await cache.close()
  })

  const faults: [string, (town: Town) => void][] = [
    ['away', (town) => town.backend.faults.down()],
    ['there and refuses', (town) => town.backend.faults.refuse('invalidate')],
  ]

  it.each(faults)('of an invalidation that is queued, because the tier is %s, counts as well', async (_, begins) => {
    for (const [what, invalidate] of invalidations) {
      await using town = new Town()
      const [cache, other] = [await town.process({ replicaLag: LAG, unsyncedTtl: '1m', maxUnsynced: '1h', circuitBreaker: { cooldown: '1h' } }), await town.process()]
      await other.set('row', 'v1', { tags })
      expect(await cache.get('row')).toBe('v1')
      // Long after anything this process has heard of.
      await town.clock.advance(60_000)
      begins(town)
      expect([what, await invalidate(cache)]).toEqual([what, { status: 'queued' }])
      await town.clock.advance(LAG - 1)
      const early = begin(cache, 'read from a lagging replica')
      await early.begun
      await town.clock.advance(1)
      await early.end()
      expect([what, cache.getSync('row')]).toEqual([what, undefined])
      const later = begin(cache, 'v2')
      await later.begun
      await later.end()
      expect([what, cache.getSync('row')]).toEqual([what, 'v2'])
    }
  })

  it('does not concern a value that is set while the tier is away', async () => {
    await using town = new Town()
    const cache = await town.process({ replicaLag: LAG })
    town.backend.faults.down()
    expect(await cache.set('row', 'v2')).toEqual({ status: 'queued' })
    expect(cache.getSync('row')).toBe('v2')
  })
})
