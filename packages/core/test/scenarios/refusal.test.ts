import type { Cache, Invalidation, SharedStore } from '@stratacache/core'
import { RefusedError, sharedTier, structuredSerializer } from '@stratacache/core/shared'
import { gate, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from './town.ts'

/* The shared tier answers, and refuses some of what it is asked: its memory is full, or too few replicas are there. */

const CHANGES = ['lease', 'fill', 'write', 'invalidate'] as const

describe('a shared tier that refuses changes', () => {
  it('is read as ever, and nothing is taken for down', async () => {
    await using town = new Town()
    const [writer, cache] = [await town.process(), await town.process({ circuitBreaker: { failures: 1, cooldown: '10s' } })]
    for (const key of ['a', 'b', 'c']) await writer.set(key, `${key} of the tier`)
    const downs = heard(cache, 'tierDown')
    town.backend.faults.refuse(...CHANGES)
    expect(await cache.getOrSet('absent', () => 'of the source')).toBe('of the source')
    expect(await cache.set('written', 1)).toEqual({ status: 'queued' })
    for (const key of ['a', 'b', 'c']) expect(await cache.getOrSet(key, () => 'of the source')).toBe(`${key} of the tier`)
    expect(downs).toEqual([])
  })

  it('rule 10: what it refuses to invalidate is queued, invalid here, and replayed when it is taken', async () => {
    await using town = new Town()
    const [writer, cache] = [await town.process(), await town.process({ circuitBreaker: { cooldown: '1s' } })]
    await writer.set('row', 'v1', { tags: ['table'] })
    await writer.set('other', 'o1', { tags: ['table'] })
    await writer.set('kept', 'k1')
    expect(await cache.get('row')).toBe('v1')
    const [queued, replayed] = [heard(cache, 'queued'), heard(cache, 'replayed')]
    town.backend.faults.refuse(...CHANGES)
    expect(await cache.invalidate({ keys: ['row'], tags: ['table'] })).toEqual({ status: 'queued' })
    expect([queued, cache.stats().queued]).toMatchObject([[{ keys: 1, tags: 1 }], 2])
    // Read from the tier, but not what waits there.
    expect(await cache.get('kept')).toBe('k1')
    expect([await cache.get('row'), await cache.get('other')]).toEqual([undefined, undefined])
    expect(await cache.getOrSet('row', () => 'v2', { tags: ['table'] })).toBe('v2')
    await town.clock.advance(5_000)
    expect([replayed, cache.stats().queued]).toEqual([[], 2])
    town.backend.faults.up()
    await town.clock.advance(1_000)
    expect([replayed, cache.stats().queued]).toMatchObject([[{ keys: 1, tags: 1 }], 0])
    expect([await writer.get('row'), await writer.get('other'), await writer.get('kept')]).toEqual([undefined, undefined, 'k1'])
  })

  it('rule 10: the next invalidation after the refusals is applied, with what was queued', async () => {
    await using town = new Town()
    const [writer, cache] = [await town.process(), await town.process({ circuitBreaker: { cooldown: '1h' } })]
    await writer.set('row', 'v1')
    town.backend.faults.refuse('invalidate')
    await cache.delete('row')
    town.backend.faults.up()
    expect((await cache.delete('other')).status).toBe('applied')
    expect(await writer.get('row')).toBeUndefined()
  })

  it('is asked about a few of many while it refuses, not sent them all over and over', async () => {
    await using town = new Town()
    const { cache, sizes } = await counted(town)
    town.backend.faults.refuse('invalidate')
    await cache.delete(...Array.from({ length: 5_000 }, (_, i) => `key${i}`))
    expect(await cache.delete('one')).toEqual({ status: 'queued' })
    await town.clock.advance(10_000)
    expect(sizes[0]).toBe(5_000)
    expect(Math.max(...sizes.slice(1))).toBe(100)
    town.backend.faults.up()
    sizes.length = 0
    expect((await cache.delete('another')).status).toBe('applied')
    expect(sizes).toEqual([100, 4_902])
  })

  it('is asked about a few of many while it does not answer', async () => {
    await using town = new Town()
    const { cache, sizes } = await counted(town)
    town.backend.faults.hang()
    const deleting = cache.delete(...Array.from({ length: 5_000 }, (_, i) => `key${i}`))
    await town.clock.advance(10_000)
    expect(await deleting).toEqual({ status: 'queued' })
    expect([sizes[0], ...new Set(sizes.slice(1))]).toEqual([5_000, 100])
  })

  it('is asked again by the clock, not whenever its log tells something', async () => {
    await using town = new Town()
    let asked = 0
    const open = (): SharedStore => {
      const store = town.backend.open()
      const { invalidate } = store
      // Executed, and refused all the same: too few replicas have it. Each attempt is news in the log.
      return Object.assign(store, {
        invalidate: async (invalidation: Invalidation) => {
          asked++
          await invalidate.call(store, invalidation)
          throw new RefusedError('shared', 'acknowledged by nobody')
        },
      })
    }
    const tiers = [sharedTier({ name: 'shared', serializer: structuredSerializer(), open })] as const
    const cache = await town.process({ tiers, circuitBreaker: { cooldown: '1s' } })
    expect(await cache.delete('row')).toEqual({ status: 'queued' })
    await town.clock.advance(10_000)
    expect(asked).toBe(11)
  })

  it('rule 10: while it is away nothing else is asked before the replay, though it refused before', async () => {
    await using town = new Town()
    const [writer, cache] = [await town.process(), await town.process({ circuitBreaker: { failures: 100, cooldown: '1h' } })]
    await writer.set('kept', 'k1')
    town.backend.faults.refuse('invalidate')
    await cache.delete('row')
    town.backend.faults.down()
    await cache.delete('row')
    town.backend.faults.up()
    town.backend.faults.executed.length = 0
    expect(await cache.get('kept')).toBe('k1')
    expect(town.backend.faults.executed.filter((operation) => !/log/i.test(operation))).toEqual(['invalidate', 'read'])
  })

  it('rule 2: a load that began before a refused invalidation is not kept here', async () => {
    await using town = new Town()
    const cache = await town.process()
    const slow = gate()
    const loading = cache.getOrSet('row', async () => {
      await slow.pass()
      return 'old'
    })
    await slow.reached
    town.backend.faults.refuse('invalidate')
    await cache.delete('row')
    slow.open()
    expect(await loading).toBe('old')
    await rest()
    expect([cache.getSync('row'), await cache.get('row')]).toEqual([undefined, undefined])
  })
})

/** A process, and how many keys each invalidation had that it sent. */
async function counted(town: Town): Promise<{ cache: Cache; sizes: number[] }> {
  const sizes: number[] = []
  const open = (): SharedStore => {
    const store = town.backend.open()
    const { invalidate } = store
    return Object.assign(store, {
      invalidate: (invalidation: Invalidation) => {
        sizes.push(invalidation.keys.length)
        return invalidate.call(store, invalidation)
      },
    })
  }
  const cache = await town.process({ tiers: [sharedTier({ name: 'shared', serializer: structuredSerializer(), open })] })
  await cache.get('connected')
  return { cache, sizes }
}
