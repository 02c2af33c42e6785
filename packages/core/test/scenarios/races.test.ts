import { gate, rest } from '@stratacache/core/testing'
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
