import type { Cache } from '@stratacache/core'
import { gate, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { Town } from './town.ts'

const swr = { ttl: 10_000, staleWhileRevalidate: 60_000 } as const

describe('a flight that has answered with a stale value and still loads', () => {
  it('is not joined once a tag of that value was invalidated, though its load begins after that', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process({ tiers: [town.backend.tier()] }), await town.process()]
    await writer.set('row', 'v1', { ...swr, tags: ['table'] })
    await town.clock.advance(20_000)
    const lease = town.backend.faults.holdRequest('lease')
    const loading = gate()
    expect(await reader.getOrSet('row', async () => (await loading.pass(), 'v2'), { ...swr, tags: ['table'] })).toBe('v1')
    await lease.reached
    await writer.invalidateTags('table')
    await rest()
    lease.open()
    await loading.reached
    const read = reader.getOrSet('row', () => 'v2', { ...swr, tags: ['table'] })
    loading.open()
    await town.clock.advance(100)
    expect(await read).toBe('v2')
  })

  it('is not joined once its key was invalidated, though its load began after that', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process({ tiers: [town.backend.tier()] }), await town.process()]
    await writer.set('row', 'v1', swr)
    await town.clock.advance(20_000)
    const lease = town.backend.faults.holdRequest('lease')
    const loading = gate()
    expect(await reader.getOrSet('row', async () => (await loading.pass(), 'v2'), swr)).toBe('v1')
    await lease.reached
    const news = town.backend.faults.holdReply('readLog')
    await writer.delete('row')
    lease.open()
    await loading.reached
    news.open()
    await rest()
    const read = reader.getOrSet('row', () => 'v2', swr)
    loading.open()
    await town.clock.advance(100)
    expect(await read).toBe('v2')
  })
})

describe('rule 3: a stamp that a read brings before the log does', () => {
  it('invalidates what memory has of the tag', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process(), await town.process()]
    await reader.getOrSet('first', () => 'old', { tags: ['table'] })
    const news = town.backend.faults.holdReply('readLog')
    await writer.invalidateTags('table')
    await writer.set('second', 'new', { tags: ['table'] })
    expect(await reader.get('second')).toBe('new')
    news.open()
    await rest()
    expect(reader.getSync('first')).toBeUndefined()
  })
})

describe('rule 10: an invalidation that is queued', () => {
  it('takes what was copied from the shared tier out of memory, though nothing told of the stamp of its load', async () => {
    await using town = new Town()
    const [reader, loader] = [await town.process(), await town.process()]
    await loader.getOrSet('row', () => 'old', { tags: ['table'] })
    expect(await reader.get('row')).toBe('old')
    town.backend.faults.down()
    expect((await reader.delete('row')).status).toBe('queued')
    expect(reader.getSync('row')).toBeUndefined()
  })

  it.each([
    ['key', (cache: Cache) => cache.delete('row')],
    ['tag', (cache: Cache) => cache.invalidateTags('table')],
    ['namespace', (cache: Cache) => cache.clear()],
  ])('binds a read that began while it waited and is answered when it is confirmed: by %s', async (_, invalidate) => {
    await using town = new Town()
    const [reader, loader] = [await town.process({ circuitBreaker: { cooldown: 100 } }), await town.process()]
    await loader.getOrSet('row', () => 'old', { tags: ['table'] })
    town.backend.faults.refuse('invalidate')
    expect((await invalidate(reader)).status).toBe('queued')
    const answer = town.backend.faults.holdReply('read')
    const read = reader.get('row')
    await answer.reached
    town.backend.faults.up()
    await town.clock.advance(100)
    expect(reader.stats().queued).toBe(0)
    answer.open()
    expect(await read).toBeUndefined()
  })

  it('binds what is found in place of a lease, though it is confirmed before that comes', async () => {
    await using town = new Town()
    const [reader, loader] = [await town.process({ circuitBreaker: { cooldown: 100 } }), await town.process()]
    const loading = gate()
    const old = loader.getOrSet('row', async () => (await loading.pass(), 'old'))
    await loading.reached
    town.backend.faults.refuse('invalidate')
    expect((await reader.delete('row')).status).toBe('queued')
    const waiting = town.backend.faults.holdReply('lease')
    const read = reader.getOrSet('row', () => 'new')
    await waiting.reached
    const found = town.backend.faults.holdReply('lease')
    waiting.open()
    loading.open()
    await old
    await town.clock.advance(10)
    await found.reached
    town.backend.faults.up()
    await town.clock.advance(100)
    expect(reader.stats().queued).toBe(0)
    found.open()
    expect(await read).toBe('new')
  })

  it('the same by tag', async () => {
    await using town = new Town()
    const [reader, loader] = [await town.process(), await town.process()]
    await loader.getOrSet('row', () => 'old', { tags: ['table'] })
    expect(await reader.get('row')).toBe('old')
    town.backend.faults.down()
    expect((await reader.invalidateTags('table')).status).toBe('queued')
    expect(reader.getSync('row')).toBeUndefined()
  })
})

describe('rule 7: out of contact', () => {
  it('a load that began longer than maxUnsynced ago is not joined', async () => {
    await using town = new Town()
    const cache = await town.process({ maxUnsynced: 2_000, hardTimeout: 60_000 })
    town.backend.faults.down()
    await town.clock.advance(3_000)
    let loads = 0
    const load = (): Promise<string> => new Promise((resolve) => void (++loads === 2 && resolve('second')))
    const [first, joined] = [cache.getOrSet('row', load), cache.getOrSet('row', load)]
    await town.clock.advance(1_900)
    const late = cache.getOrSet('row', load)
    await rest()
    expect(loads).toBe(1)
    await town.clock.advance(200)
    expect(await cache.getOrSet('row', load)).toBe('second')
    for (const waiting of [first, joined, late]) waiting.catch(() => {})
  })

  it('what a long load brought is kept until maxUnsynced after its begin, not longer', async () => {
    await using town = new Town()
    const cache = await town.process({ maxUnsynced: 2_000, unsyncedTtl: 1_000 })
    town.backend.faults.down()
    await town.clock.advance(3_000)
    const loading = gate()
    const read = cache.getOrSet('row', async () => (await loading.pass(), 'row'))
    await loading.reached
    await town.clock.advance(1_500)
    loading.open()
    expect(await read).toBe('row')
    await rest()
    expect(cache.getSync('row')).toBe('row')
    await town.clock.advance(600)
    expect(cache.getSync('row')).toBeUndefined()
  })
})
