import { rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { Town } from './town.ts'

describe('while invalidations wait for a tier that does not answer', () => {
  it('one question at a time waits for it, the others are answered at once', async () => {
    await using town = new Town({ commandTimeout: 500 })
    const cache = await town.process({ circuitBreaker: { failures: 10 } })
    town.backend.faults.hang()
    const queued = cache.delete('row')
    await town.clock.advance(500)
    expect((await queued).status).toBe('queued')
    const first = cache.getOrSet('first', () => 1)
    await rest()
    expect(await cache.getOrSet('second', () => 2)).toBe(2)
    await town.clock.advance(500)
    expect(await first).toBe(1)
  })

  it('an open breaker answers before the queue is looked at', async () => {
    await using town = new Town()
    const cache = await town.process({ circuitBreaker: { failures: 1, cooldown: '1h' } })
    town.backend.faults.down()
    const names = Array.from({ length: 50_000 }, (_, index) => `row${index}`)
    expect(await cache.invalidate({ keys: names })).toEqual({ status: 'queued' })
    const { executed } = town.backend.faults
    executed.length = 0
    for (let index = 0; index < 200; index++) expect(await cache.getOrSet(`other${index}`, () => index)).toBe(index)
    expect(cache.stats().queued).toBe(50_000)
    expect(executed.filter((operation) => operation === 'invalidate')).toEqual([])
  })
})
