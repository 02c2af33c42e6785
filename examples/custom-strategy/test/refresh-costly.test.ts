import { createCache, createCaches } from '@stratacache/core'
import { manualClock, rest } from '@stratacache/core/testing'
import { expect, it } from 'vitest'
import { refreshCostly, refreshCostlyKind } from '../src/refresh-costly.ts'

it('refreshes the earlier the longer the load took', async () => {
  const clock = manualClock()
  await using cache = createCache({ clock, jitter: 0, ttl: 10_000 })
  let loads = 0
  const load = async (takesMs: number) => {
    await new Promise<void>((resolve) => void clock.setTimeout(resolve, takesMs))
    return ++loads
  }
  const reports = cache.collection('reports', { load, readStrategy: refreshCostly({ lead: 20 }) })
  for (const takesMs of [5, 100]) {
    const first = reports.get(takesMs)
    await clock.advance(takesMs)
    await first
    const firstLoad = loads
    await clock.advance(10_000 - 20 * takesMs - 1)
    expect([await reports.get(takesMs), loads]).toEqual([firstLoad, firstLoad])
    await rest()
    await clock.advance(1)
    expect(await reports.get(takesMs)).toBe(firstLoad)
    await clock.advance(takesMs)
    expect([await reports.get(takesMs), loads]).toEqual([firstLoad + 1, firstLoad + 1])
  }
})

it('says what is wrong with its lead', () => {
  expect(() => refreshCostly({ lead: 0 })).toThrow('refreshCostly.lead must be a number above 0, got 0')
  const config = { caches: { a: { read: { use: 'refreshCostly', lead: 0 } } } } as const
  expect(() => createCaches(config, { registry: [refreshCostlyKind] })).toThrow('caches.a.read.lead must be a finite number above 0, got 0')
})
