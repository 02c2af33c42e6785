import { createCache, TierError } from '@stratacache/core'
import { sharedTier, type SharedStore, structuredSerializer } from '@stratacache/core/shared'
import { rest, SharedMemory } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from './town.ts'

describe('rule 7: the shared tier is away', () => {
  it('memory answers as it is for maxUnsynced, then no more', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 'v1')
    town.backend.faults.down()
    await town.clock.advance(4_000)
    expect(cache.getSync('row')).toBe('v1')
    await town.clock.advance(2_000)
    expect(cache.getSync('row')).toBeUndefined()
    expect(await cache.get('row')).toBeUndefined()
  })

  it('loads go to the source and are kept for unsyncedTtl', async () => {
    await using town = new Town()
    const cache = await town.process({ unsyncedTtl: '1s' })
    town.backend.faults.down()
    await town.clock.advance(10_000)
    let loads = 0
    const read = (): Promise<string> => cache.getOrSet('row', () => `v${++loads}`, { ttl: '1h' })
    expect(await read()).toBe('v1')
    expect(await read()).toBe('v1')
    await town.clock.advance(1_000)
    expect(await read()).toBe('v2')
    expect(cache.stats().requests.error).toBe(0)
  })

  it('while memory is distrusted and the tier answers, values are checked with the tier', async () => {
    await using town = new Town()
    const [cache, writer] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    // Only the log is cut off.
    const cut = [town.backend.faults.holdReply('readLog'), town.backend.faults.holdReply('readLog')]
    await town.clock.advance(600)
    await Promise.all(cut.map((held) => held.reached))
    const blocked = Array.from({ length: 20 }, () => town.backend.faults.holdRequest('openLog'))
    await town.clock.advance(6_000)
    await writer.set('row', 'v2')
    expect(cache.getSync('row')).toBeUndefined()
    expect(await cache.get('row')).toBe('v2')
    for (const held of [...cut, ...blocked]) held.open()
  })

  it('a hanging tier costs a deadline each, then the circuit breaker answers for it, and one probe per cooldown', async () => {
    await using town = new Town({ commandTimeout: 100 })
    const cache = await town.process({ circuitBreaker: { failures: 2, cooldown: '1s' } })
    const downs = heard(cache, 'tierDown')
    town.backend.faults.hang()
    let loads = 0
    const read = (key: string): Promise<string> => cache.getOrSet(key, () => `v${++loads}`)
    for (const key of ['a', 'b']) {
      const reading = read(key)
      await town.clock.advance(100)
      await reading
    }
    expect(downs).toHaveLength(1)
    // Open: not asked at all, so no time passes.
    for (const key of ['c', 'd', 'e']) await read(key)
    expect(loads).toBe(5)
    await town.clock.advance(1_000)
    const probing = read('f')
    await rest()
    await read('g')
    await town.clock.advance(100)
    await probing
    expect(loads).toBe(7)
  })
})

describe('rule 10: answers are truthful', () => {
  it('an invalidation is queued while the tier is away, and its target is invalid here from then on', async () => {
    await using town = new Town()
    const [cache, other] = [await town.process(), await town.process()]
    await cache.getOrSet('row', () => 'v1', { tags: ['table'] })
    await cache.getOrSet('kept', () => 'k1')
    await rest()
    await other.get('row')
    town.backend.faults.down()
    const queued = heard(cache, 'queued')
    expect(await cache.invalidateTags('table')).toEqual({ status: 'queued' })
    expect(queued).toHaveLength(1)
    expect(cache.stats().queued).toBe(1)
    expect(cache.getSync('row')).toBeUndefined()
    expect(cache.getSync('kept')).toBe('k1')
    expect(await cache.getOrSet('row', () => 'v2', { tags: ['table'] })).toBe('v2')
  })

  it('what was queued is replayed before anything else is asked, once for each key and tag', async () => {
    await using town = new Town()
    const cache = await town.process({ circuitBreaker: { cooldown: '10s' } })
    await cache.set('row', 'v1', { tags: ['table'] })
    town.backend.faults.down()
    for (let i = 0; i < 5; i++) {
      await cache.delete('row')
      await cache.invalidateTags('table')
    }
    expect(cache.stats().queued).toBe(2)
    const replayed = heard(cache, 'replayed')
    town.backend.faults.up()
    town.backend.faults.executed.length = 0
    await town.clock.advance(10_000)
    expect(replayed).toMatchObject([{ keys: 1, tags: 1 }])
    const asked = town.backend.faults.executed.filter((operation) => !/log|connect/i.test(operation))
    expect(asked[0]).toBe('invalidate')
    expect(cache.stats().queued).toBe(0)
    expect(await cache.get('row')).toBeUndefined()
  })

  it('a question that comes before the retry waits for the replay', async () => {
    await using town = new Town()
    const cache = await town.process({ circuitBreaker: { failures: 10, cooldown: '1h' } })
    await cache.set('row', 'v1')
    town.backend.faults.down()
    await cache.delete('row')
    town.backend.faults.up()
    town.backend.faults.executed.length = 0
    expect(await cache.getOrSet('other', () => 1)).toBe(1)
    const asked = town.backend.faults.executed.filter((operation) => !/log|connect/i.test(operation))
    expect(asked.slice(0, 2)).toEqual(['invalidate', 'read'])
  })

  it('a question is not asked when the replay fails', async () => {
    await using town = new Town()
    const invalidate = (): Promise<never> => Promise.reject(new TierError('shared', 'connection lost'))
    const open = (): SharedStore => Object.assign(town.backend.open(), { invalidate })
    const tier = sharedTier({ name: 'shared', serializer: structuredSerializer(), open })
    const [cache, other] = [await town.process({ tiers: [tier], circuitBreaker: { failures: 100 } }), await town.process()]
    await other.set('kept', 1)
    expect(await cache.getOrSet('kept', () => 'of the source')).toBe(1)
    expect(await cache.delete('row')).toEqual({ status: 'queued' })
    expect(await cache.getOrSet('kept', () => 'of the source')).toBe('of the source')
  })

  it('another process that reads the shared tier after the replay sees nothing old', async () => {
    await using town = new Town()
    const [cache, other] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    expect(await other.get('row')).toBe('v1')
    town.backend.faults.down()
    await cache.delete('row')
    town.backend.faults.up()
    await town.clock.advance(1_500)
    expect(other.getSync('row')).toBeUndefined()
    expect(await other.get('row')).toBeUndefined()
  })

  it('an answer that is lost on the way counts as queued, and the replay does no harm', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 'v1')
    town.backend.faults.loseReply('invalidate')
    expect(await cache.delete('row')).toEqual({ status: 'queued' })
    const replayed = heard(cache, 'replayed')
    await town.clock.advance(1_000)
    expect(replayed).toHaveLength(1)
    expect(await cache.get('row')).toBeUndefined()
  })

  it('a set while the tier is away is queued: kept here for a while, and old copies elsewhere are dropped later', async () => {
    await using town = new Town()
    const [cache, other] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    expect(await other.get('row')).toBe('v1')
    town.backend.faults.down()
    expect(await cache.set('row', 'v2')).toEqual({ status: 'queued' })
    expect(await cache.get('row')).toBe('v2')
    town.backend.faults.up()
    await town.clock.advance(2_000)
    expect(other.getSync('row')).toBeUndefined()
    expect(await other.getOrSet('row', () => 'v3')).toBe('v3')
  })
})

describe('an invalidation of very many', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `key${i}`)

  it('is applied when its last round is', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('key119999', 1)
    const second = town.backend.faults.holdRequest('invalidate')
    const third = town.backend.faults.holdRequest('invalidate')
    let isApplied = false
    const invalidating = cache.delete(...many(120_000)).then((result) => {
      isApplied = true
      return result
    })
    await second.reached
    second.open()
    await third.reached
    expect(isApplied).toBe(false)
    third.open()
    expect((await invalidating).status).toBe('applied')
    expect(await cache.get('key119999')).toBeUndefined()
  })

  it('is queued when one of its rounds is not taken; questions wait for what is left of it, and for no more', async () => {
    await using town = new Town()
    const cache = await town.process({ circuitBreaker: { failures: 10, cooldown: '1h' } })
    const other = await town.process()
    for (const key of ['key1', 'key119999', 'kept']) await other.set(key, 1)
    const { faults } = town.backend
    const first = faults.holdReply('invalidate')
    const invalidating = cache.delete(...many(120_000))
    await first.reached
    faults.loseReply('invalidate')
    first.open()
    expect(await invalidating).toEqual({ status: 'queued' })
    expect(cache.stats().queued).toBe(70_000)
    faults.executed.length = 0
    const held = [faults.holdReply('invalidate'), faults.holdReply('invalidate'), faults.holdReply('invalidate')]
    const reading = cache.get('kept')
    const loading = cache.getOrSet('key1', () => 2)
    for (const round of held) {
      await round.reached
      expect(faults.executed.filter((operation) => !/log/i.test(operation))).not.toContain('read')
      round.open()
    }
    expect([await reading, await loading]).toEqual([1, 2])
    expect(faults.executed.filter((operation) => !/log/i.test(operation)).slice(0, 4)).toEqual(['invalidate', 'invalidate', 'invalidate', 'read'])
    expect([await other.get('key1'), await other.get('key119999'), cache.stats().queued]).toEqual([2, undefined, 0])
  })

  it('becomes an invalidation of everything where it is more than can be remembered', async () => {
    await using town = new Town()
    const [cache, other] = [await town.process({ name: 'one' }), await town.process({ name: 'other' })]
    await cache.set('key250000', 1)
    await cache.set('unconcerned', 1)
    await other.set('row', 1)
    town.backend.faults.down()
    expect(await cache.invalidate({ keys: many(250_001) })).toEqual({ status: 'queued' })
    expect(cache.stats().queued).toBe(1)
    town.backend.faults.up()
    await town.clock.advance(1_000)
    expect([await cache.get('key250000'), await cache.get('unconcerned'), await other.get('row')]).toEqual([undefined, undefined, undefined])
    expect(cache.stats().queued).toBe(0)
  })
})

describe('invalidations of both kinds at once', () => {
  it('are each told what became of them', async () => {
    await using town = new Town()
    const cache = await town.process()
    const { faults } = town.backend
    const held = faults.holdRequest('invalidate')
    const [hard, soft, absorbed] = [cache.delete('a'), cache.expire({ keys: ['b'] }), cache.expire({ keys: ['c'] })]
    const absorbing = cache.delete('c')
    await held.reached
    const softRound = faults.holdRequest('invalidate')
    const hardRound = faults.holdRequest('invalidate')
    held.open()
    await softRound.reached
    softRound.open()
    expect(await hard).toMatchObject({ status: 'applied' })
    await hardRound.reached
    faults.loseReply('invalidate')
    hardRound.open()
    expect(await Promise.all([soft, absorbed, absorbing])).toMatchObject([{ status: 'queued' }, { status: 'queued' }, { status: 'applied' }])
    expect(cache.stats().queued).toBe(1)
    await town.clock.advance(1_000)
    expect(cache.stats().queued).toBe(0)
    // One that a hard one has absorbed has no round of its own.
    const again = faults.holdRequest('invalidate')
    const outcomes = [cache.delete('x'), cache.expire({ keys: ['c'] }), cache.delete('c')]
    await again.reached
    again.open()
    expect(await Promise.all(outcomes)).toMatchObject([{ status: 'applied' }, { status: 'applied' }, { status: 'applied' }])
  })
})

describe('rules 6 and 13: the log', () => {
  it('a process that was away catches up with the log', async () => {
    await using town = new Town()
    const [cache, writer] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    await cache.set('other', 'o1')
    const held = town.backend.faults.holdReply('readLog')
    await writer.set('unrelated', 1)
    await held.reached
    await writer.delete('row')
    held.open()
    await rest()
    expect(cache.getSync('row')).toBeUndefined()
    expect(cache.getSync('other')).toBe('o1')
  })

  it('a gap clears memory', async () => {
    await using town = new Town({ logLength: 3 })
    const [cache, writer] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    await rest()
    const gaps = heard(cache, 'outOfStep')
    const held = town.backend.faults.holdReply('readLog')
    await writer.delete('x')
    await held.reached
    for (let i = 0; i < 10; i++) await writer.delete(`key${i}`)
    await writer.delete('row')
    for (let i = 0; i < 10; i++) await writer.delete(`more${i}`)
    held.open()
    await town.clock.advance(100)
    expect(gaps).toContainEqual({ tier: 'shared', reason: 'gap' })
    expect(cache.getSync('row')).toBeUndefined()
  })

  it('a replaced log clears memory and is followed on', async () => {
    await using town = new Town()
    const [cache, writer] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    await town.clock.advance(1_000)
    town.backend.flush()
    await town.clock.advance(1_000)
    expect(cache.getSync('row')).toBeUndefined()
    await cache.set('row', 'v2')
    await rest()
    await writer.delete('row')
    await rest()
    expect(cache.getSync('row')).toBeUndefined()
  })

  it('a process that had not heard of an invalidation is not fooled by an empty log', async () => {
    await using town = new Town()
    const [cache, writer] = [await town.process(), await town.process()]
    await cache.set('row', 'v1')
    await town.clock.advance(600)
    const held = [town.backend.faults.holdReply('readLog'), town.backend.faults.holdReply('readLog')]
    await town.clock.advance(600)
    await Promise.all(held.map((one) => one.reached))
    await writer.delete('row')
    town.backend.flush()
    for (const one of held) one.open()
    await town.clock.advance(1_000)
    expect(cache.getSync('row')).toBeUndefined()
  })

  it('a shared tier that was taken back in time is repaired by a process that has seen more', async () => {
    await using town = new Town()
    const [cache, late] = [await town.process(), await town.process()]
    await cache.set('row', 'v1', { tags: ['table'] })
    await cache.set('other', 'o1', { tags: ['table2'] })
    await town.clock.advance(1_000)
    const snapshot = town.backend.snapshot()
    await cache.delete('row')
    await late.invalidateTags('table2')
    await town.clock.advance(1_000)
    const regressed = heard(cache, 'outOfStep')
    town.backend.restore(snapshot)
    await town.clock.advance(1_000)
    expect(regressed).toContainEqual({ tier: 'shared', reason: 'regressed' })
    const fresh = await town.process()
    expect(await fresh.get('row')).toBeUndefined()
    expect(await fresh.get('other')).toBeUndefined()
  })

  it.each([false, true])('own invalidations count as seen before the log brings them, also when others have gone on after the restore: %s', async (goneOn) => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 'v1')
    await town.clock.advance(1_000)
    const snapshot = town.backend.snapshot()
    // Deaf from before the invalidation until after the restore: only its own answer told it.
    const held = town.backend.faults.holdRequest('readLog')
    await town.clock.advance(600)
    await held.reached
    await cache.delete('row')
    town.backend.restore(snapshot)
    if (goneOn) {
      await town.clock.advance(1)
      await (await town.process()).delete('unconcerned')
    }
    held.open()
    await town.clock.advance(2_000)
    expect(await (await town.process()).get('row')).toBeUndefined()
  })
})

describe('a store that throws where it should reject', () => {
  it('counts as a tier that does not answer', async () => {
    const backend = new SharedMemory()
    const open = (): SharedStore =>
      Object.assign(backend.open(), {
        read: () => {
          throw new Error('broken')
        },
      })
    const cache = createCache({ tiers: [sharedTier({ name: 'shared', serializer: structuredSerializer(), open })] })
    await cache.ready()
    expect(await cache.getOrSet('row', () => 1)).toBe(1)
    expect(await cache.getOrSet('other', () => 2)).toBe(2)
    expect(cache.stats().tiers['shared']).toMatchObject({ error: 2 })
    await cache.close()
  })
})
