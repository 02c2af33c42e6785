import { type Cache, createCache, entry, noStore } from '@stratacache/core'
import { gate, type LoaderGate, manualClock, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { Town } from './town.ts'

describe('rule 5: local copies follow the log', () => {
  it('a copy from the shared tier that races a remote invalidation is not kept', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process(), await town.process()]
    await writer.set('row', 'v1')
    await rest()
    const slow = town.backend.faults.holdReply('read')
    const read = reader.get('row')
    await slow.reached
    await writer.delete('row')
    await rest()
    slow.open()
    expect(await read).toBe('v1')
    expect(reader.getSync('row')).toBeUndefined()
    expect(await reader.get('row')).toBeUndefined()
  })

  it('the same for a tag of the copied entry', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process(), await town.process()]
    await writer.set('row', 'v1', { tags: ['table'] })
    await rest()
    const slow = town.backend.faults.holdReply('read')
    const read = reader.get('row')
    await slow.reached
    await writer.invalidateTags('table')
    await rest()
    slow.open()
    // The stamp of the tag is read after the entry, so even this reader learns of it.
    expect(await read).toBeUndefined()
    expect(reader.getSync('row')).toBeUndefined()
  })

  it('a copy that slips between the two fences of its own process is dropped at the second', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 'v1')
    const slow = town.backend.faults.holdRequest('invalidate')
    const invalidating = cache.delete('row')
    await slow.reached
    expect(cache.getSync('row')).toBeUndefined()
    // The shared tier still has it, but what waits to be confirmed is treated as invalid.
    expect(await cache.get('row')).toBeUndefined()
    slow.open()
    expect((await invalidating).status).toBe('applied')
    expect(cache.getSync('row')).toBeUndefined()
  })

  it('a read that was answered before the invalidation does not bring the old value back after it', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 'v1')
    cache.getSync('row')
    const other = await town.process()
    const slow = town.backend.faults.holdReply('read')
    const read = other.get('row')
    await slow.reached
    await other.delete('row')
    slow.open()
    await read
    expect(other.getSync('row')).toBeUndefined()
    expect(await other.get('row')).toBeUndefined()
  })

  it('a set whose answer arrives after a newer invalidation is not kept in memory', async () => {
    await using town = new Town()
    const [first, second] = [await town.process(), await town.process()]
    const slow = town.backend.faults.holdReply('write')
    const setting = first.set('row', 'v1')
    await slow.reached
    await second.delete('row')
    await rest()
    slow.open()
    expect(await setting).toEqual({ status: 'stored' })
    expect(first.getSync('row')).toBeUndefined()
    expect(await first.get('row')).toBeUndefined()
  })

  it('a fill that was accepted before an invalidation, answered after it, is not kept in memory', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process(), await town.process()]
    const slow = town.backend.faults.holdReply('fill')
    expect(await reader.getOrSet('row', () => 'v1')).toBe('v1')
    await slow.reached
    await writer.delete('row')
    await rest()
    slow.open()
    await rest()
    expect(reader.getSync('row')).toBeUndefined()
    expect(await reader.get('row')).toBeUndefined()
  })
})

describe('a process that has not heard of an invalidation yet', () => {
  it('does not keep in memory what the shared tier refused', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process(), await town.process()]
    const old = gate()
    const loading = reader.getOrSet('row', async () => {
      await old.pass()
      return 'v1'
    })
    await old.reached
    const deaf = town.backend.faults.holdReply('readLog')
    await writer.delete('row')
    await deaf.reached
    old.open()
    await loading
    await rest()
    expect(reader.getSync('row')).toBeUndefined()
    deaf.open()
  })

  it('asks the shared tier for the stamps of tags when the log is ahead of what it has applied', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process({ tiers: [town.backend.tier()] }), await town.process()]
    await writer.set('row', 'v1', { tags: ['table'] })
    await rest()
    expect(await reader.get('row')).toBe('v1')
    const deaf = [town.backend.faults.holdReply('readLog'), town.backend.faults.holdReply('readLog')]
    await writer.invalidateTags('table')
    await Promise.all(deaf.map((held) => held.reached))
    expect(await reader.get('row')).toBeUndefined()
    for (const held of deaf) held.open()
  })

  it('does not keep a fill that a tag overtook between its acceptance and its answer', async () => {
    await using town = new Town()
    const [reader, writer] = [await town.process(), await town.process()]
    const slow = town.backend.faults.holdReply('fill')
    expect(await reader.getOrSet('row', () => entry('v1', { tags: ['table'] }))).toBe('v1')
    await slow.reached
    await writer.invalidateTags('table')
    await rest()
    slow.open()
    await rest()
    expect(reader.getSync('row')).toBeUndefined()
  })
})

describe('a gap in the log', () => {
  const overflow = async (town: Town, writer: Cache): Promise<void> => {
    const held = town.backend.faults.holdRequest('readLog')
    await town.clock.advance(600)
    await held.reached
    await writer.delete('row')
    for (let i = 0; i < 10; i++) await writer.delete(`other${i}`)
    held.open()
    await town.clock.advance(600)
  }

  it('a copy whose read began before it is not kept', async () => {
    await using town = new Town({ logLength: 3, commandTimeout: 60_000 })
    const [reader, writer] = [await town.process(), await town.process({ tiers: [town.backend.tier()] })]
    await writer.set('row', 'v1')
    await rest()
    const slow = town.backend.faults.holdReply('read')
    const reading = reader.get('row')
    await slow.reached
    await overflow(town, writer)
    slow.open()
    expect(await reading).toBe('v1')
    expect(reader.getSync('row')).toBeUndefined()
  })

  it('a load that began before it is not joined after it', async () => {
    await using town = new Town({ logLength: 3, leaseTtl: 100 })
    const [reader, writer] = [await town.process({ hardTimeout: '1h' }), await town.process({ tiers: [town.backend.tier()] })]
    const old = gate()
    const first = reader.getOrSet('row', async () => {
      await old.pass()
      return 'v1'
    })
    await old.reached
    await overflow(town, writer)
    expect(await reader.getOrSet('row', () => 'v2')).toBe('v2')
    old.open()
    expect(await first).toBe('v1')
    expect(await reader.get('row')).toBe('v2')
  })
})

describe('rule 12: staleIfError', () => {
  it('does not serve a value whose tag was invalidated while its load was failing', async () => {
    await using town = new Town()
    const cache = await town.process({ ttl: '1s', staleIfError: '1h' })
    await cache.set('row', 'v1', { tags: ['table'] })
    await town.clock.advance(1_000)
    const failing = gate()
    const reading = cache.getOrSet('row', async () => {
      await failing.pass()
      throw new Error('down')
    })
    await failing.reached
    await cache.invalidateTags('table')
    failing.open()
    await expect(reading).rejects.toThrow('down')
  })
})

describe('G3: one load across processes', () => {
  it('a value that is not to be stored is loaded by each process, not by one after the other', async () => {
    await using town = new Town()
    const caches = [await town.process(), await town.process(), await town.process(), await town.process()]
    const gates = caches.map(() => gate())
    const reads = caches.map((cache, index) =>
      cache.getOrSet('row', async () => {
        await gates[index]!.pass()
        return noStore(index)
      }),
    )
    await gates[0]!.reached
    await town.clock.advance(200)
    gates[0]!.open()
    await town.clock.advance(200)
    // One of the others holds the lease now; the rest have given up on sharing.
    await Promise.all(gates.slice(1).map((each) => each.reached))
    for (const each of gates) each.open()
    expect(await Promise.all(reads)).toEqual([0, 1, 2, 3])
  })

  it("a crashed holder's lease ends by itself", async () => {
    await using town = new Town({ leaseTtl: 2_000 })
    const [crashed, other] = [await town.process(), await town.process()]
    void crashed.getOrSet('row', () => new Promise(() => {})).catch(() => {})
    await rest()
    const reading = other.getOrSet('row', () => 'v1')
    await town.clock.advance(2_500)
    expect(await reading).toBe('v1')
    await rest()
    expect(await other.get('row')).toBe('v1')
  })
})

describe('rule 8: joining', () => {
  it('many readers of one key share one load, and its error', async () => {
    await using town = new Town()
    const cache = await town.process()
    const failure = new Error('source is down')
    let loads = 0
    const reads = Array.from({ length: 20 }, () =>
      cache.getOrSet('row', () => {
        loads++
        throw failure
      }),
    )
    const outcomes = await Promise.allSettled(reads)
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === failure)).toBe(true)
    expect(loads).toBe(1)
  })

  it('a read after the own invalidation loads anew, also when the older load ends later', async () => {
    await using town = new Town()
    const cache = await town.process()
    const old = gate()
    const first = cache.getOrSet('row', async () => {
      await old.pass()
      return 'v1'
    })
    await old.reached
    await cache.delete('row')
    expect(await cache.getOrSet('row', () => 'v2')).toBe('v2')
    old.open()
    expect(await first).toBe('v1')
    await rest()
    expect(await cache.get('row')).toBe('v2')
  })
})

describe('two loads of one key', () => {
  it('that end in the other order than they began leave the newer in memory', async () => {
    const cache = createCache({ clock: manualClock() })
    const [first, second] = [gate(), gate()]
    const load = (each: LoaderGate, value: string) => async (): Promise<string> => {
      await each.pass()
      return value
    }
    const older = cache.getOrSet('row', load(first, 'older'))
    await first.reached
    // Any tag: nobody may join a load that began before.
    await cache.invalidateTags('unrelated')
    const newer = cache.getOrSet('row', load(second, 'newer'))
    await second.reached
    second.open()
    await newer
    first.open()
    expect(await older).toBe('older')
    await rest()
    expect(cache.getSync('row')).toBe('newer')
  })
})

describe('stats', () => {
  it('a refresh in the background counts as a load, not as a request', async () => {
    await using town = new Town()
    const cache = await town.process({ ttl: '1s', staleWhileRevalidate: '1h' })
    await cache.getOrSet('row', () => 'v1')
    await town.clock.advance(1_000)
    await cache.getOrSet('row', () => 'v2')
    await rest()
    expect(cache.getSync('row')).toBe('v2')
    expect(cache.stats()).toMatchObject({ requests: { hit: 1, stale: 1, miss: 1, coalesced: 0 }, loads: { success: 2 } })
  })
})
