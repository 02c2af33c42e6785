import { createCache, entry, memory, noStore, notModified, tier, type Entry, type Store } from '@stratacache/core'
import { gate, manualClock, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard } from './scenarios/town.ts'

const setUp = (config: Parameters<typeof createCache>[0] = {}) => {
  const clock = manualClock()
  return { clock, cache: createCache({ clock, random: () => 0, jitter: 0, ...config }) }
}

describe('ttl', () => {
  it('an entry is fresh for its ttl and gone afterwards', async () => {
    const { clock, cache } = setUp()
    await cache.set('a', 1, { ttl: '10s' })
    await clock.advance(9_999)
    expect(await cache.get('a')).toBe(1)
    await clock.advance(1)
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.has('a')).toBe(false)
  })

  it('options merge from cache to call to loader, and undefined unsets', async () => {
    const { clock, cache } = setUp({ ttl: '10s' })
    await cache.set('own', 1)
    await cache.set('call', 1, { ttl: '20s' })
    await cache.set('unset', 1, { ttl: undefined })
    await cache.getOrSet('loader', () => entry(1, { ttl: '30s' }), { ttl: '20s' })
    await clock.advance(15_000)
    expect(await cache.getMany(['own', 'call', 'unset', 'loader'])).toEqual([undefined, 1, 1, 1])
    await clock.advance(10_000)
    expect(await cache.getMany(['call', 'unset', 'loader'])).toEqual([undefined, 1, 1])
    await clock.advance(1_000_000)
    expect(await cache.getMany(['unset', 'loader'])).toEqual([1, undefined])
  })

  it('jitter shortens the ttl, never stretches it', async () => {
    const { clock, cache } = setUp({ random: () => 0.999999, jitter: 0.5, ttl: '10s' })
    await cache.set('a', 1)
    await clock.advance(4_999)
    expect(await cache.get('a')).toBe(1)
    await clock.advance(2)
    expect(await cache.get('a')).toBeUndefined()
  })

  it("a memory tier's own ttl bounds how long its copy is used", async () => {
    const { clock, cache } = setUp({ tiers: [memory({ maxEntries: 10, ttl: '1s' })] })
    await cache.set('a', 1, { ttl: '1h' })
    await clock.advance(1_000)
    expect(cache.getSync('a')).toBeUndefined()
  })

  it('falsy values are values', async () => {
    const { cache } = setUp()
    for (const value of [null, 0, false, '', Number.NaN]) {
      await cache.set('a', value)
      expect(await cache.get('a')).toBe(value)
      expect(await cache.getOrSet('a', () => 'loaded')).toBe(value)
      expect(cache.getSync('a')).toBe(value)
    }
  })
})

describe('staleWhileRevalidate', () => {
  it('serves the stale value at once and refreshes it once', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleWhileRevalidate: '10s' })
    let loads = 0
    const read = (): Promise<number> => cache.getOrSet('a', () => ++loads)
    expect(await read()).toBe(1)
    await clock.advance(10_000)
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
    await rest()
    expect(await read()).toBe(2)
    expect(loads).toBe(2)
    expect(cache.stats().requests.stale).toBe(3)
  })

  it('keeps serving when the refresh fails, until the window ends', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleWhileRevalidate: '10s' })
    await cache.set('a', 1)
    const errors = heard(cache, 'loadError')
    const read = (): Promise<number> => cache.getOrSet<number>('a', () => Promise.reject(new Error('down')))
    await clock.advance(15_000)
    expect(await read()).toBe(1)
    await rest()
    expect(errors).toHaveLength(1)
    await clock.advance(5_000)
    await expect(read()).rejects.toThrow('down')
  })

  it('drops the value when the source has nothing any more', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleWhileRevalidate: '1h' })
    await cache.set('a', 1)
    await clock.advance(10_000)
    expect(await cache.getOrSet<number | undefined>('a', () => undefined)).toBe(1)
    await rest()
    expect(await cache.get('a')).toBeUndefined()
  })
})

describe('staleIfError', () => {
  it('serves the stale value when the load fails, not before', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleIfError: '1m' })
    const stale = heard(cache, 'stale')
    await cache.set('a', 1)
    await clock.advance(10_000)
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.getOrSet('a', () => Promise.reject(new Error('down')))).toBe(1)
    expect(stale).toEqual([{ key: 'a', reason: 'error' }])
    expect(await cache.getOrSet('a', () => 2)).toBe(2)
  })

  it('serves the stale value after softTimeout while the load goes on', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleIfError: '1m', softTimeout: '100ms' })
    await cache.set('a', 1)
    await clock.advance(10_000)
    const slow = gate()
    const reading = cache.getOrSet('a', async () => {
      await slow.pass()
      return 2
    })
    await clock.advance(100)
    expect(await reading).toBe(1)
    slow.open()
    await rest()
    expect(cache.getSync('a')).toBe(2)
  })

  it('serves the stale value after hardTimeout', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleIfError: '1m', hardTimeout: '1s' })
    await cache.set('a', 1)
    await clock.advance(10_000)
    const reading = cache.getOrSet('a', () => new Promise<number>(() => {}))
    await clock.advance(1_000)
    expect(await reading).toBe(1)
  })
})

describe('hardTimeout and signals', () => {
  it('gives up waiting, aborts the loader, and drops its late result', async () => {
    const { clock, cache } = setUp({ hardTimeout: '1s' })
    const late = gate()
    let signal: AbortSignal | undefined
    const reading = cache.getOrSet('a', async (context) => {
      signal = context.signal
      await late.pass()
      return 1
    })
    const outcome = reading.catch((error: unknown) => error)
    await clock.advance(1_000)
    expect(await outcome).toMatchObject({ code: 'STRATA_LOAD_TIMEOUT', message: expect.stringContaining('1000 ms') })
    expect(signal?.aborted).toBe(true)
    late.open()
    await rest()
    expect(cache.getSync('a')).toBeUndefined()
    expect(await cache.getOrSet('a', () => 2)).toBe(2)
  })

  it('a caller that leaves does not end the load while others wait', async () => {
    const { cache } = setUp()
    const slow = gate()
    const load = async (): Promise<number> => {
      await slow.pass()
      return 1
    }
    const caller = new AbortController()
    const leaving = cache.getOrSet('a', load, { signal: caller.signal })
    const staying = cache.getOrSet('a', load)
    const reason = new Error('gone')
    caller.abort(reason)
    await expect(leaving).rejects.toBe(reason)
    slow.open()
    expect(await staying).toBe(1)
  })

  it('the last caller to leave aborts the load, and nobody joins it any more', async () => {
    const { cache } = setUp()
    let seen: AbortSignal | undefined
    const caller = new AbortController()
    const leaving = cache.getOrSet('a', ({ signal }) => ((seen = signal), new Promise<number>(() => {})), { signal: caller.signal })
    await rest()
    caller.abort(new Error('gone'))
    await expect(leaving).rejects.toThrow('gone')
    expect(seen?.aborted).toBe(true)
    expect(await cache.getOrSet('a', () => 2)).toBe(2)
  })

  it('a signal that is aborted already rejects at once', async () => {
    const { cache } = setUp()
    await expect(cache.getOrSet('a', () => 1, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
  })
})

describe('what loaders answer', () => {
  it('undefined is not kept, unless negativeTtl says so', async () => {
    const { clock, cache } = setUp()
    let loads = 0
    const read = (options?: { negativeTtl: '5s' }): Promise<undefined> => cache.getOrSet('a', () => void loads++ as undefined, options)
    await read()
    await read()
    expect(loads).toBe(2)
    await read({ negativeTtl: '5s' })
    await read({ negativeTtl: '5s' })
    expect(loads).toBe(3)
    await clock.advance(5_000)
    await read({ negativeTtl: '5s' })
    expect(loads).toBe(4)
  })

  it('noStore answers and keeps nothing', async () => {
    const { cache } = setUp()
    expect(await cache.getOrSet('a', () => noStore(1))).toBe(1)
    expect(await cache.get('a')).toBeUndefined()
  })

  it('notModified keeps the stale value and makes it fresh again', async () => {
    const { clock, cache } = setUp({ ttl: '10s', staleIfError: '1h' })
    await cache.getOrSet('a', () => entry({ etag: 'x' }, { tags: ['t'] }))
    await clock.advance(12_000)
    const value = await cache.getOrSet<{ etag: string }>('a', ({ stale }) => {
      expect(stale).toEqual({ value: { etag: 'x' }, ageMs: 12_000 })
      return notModified()
    })
    expect(value).toEqual({ etag: 'x' })
    expect(cache.getSync('a')).toEqual({ etag: 'x' })
    await cache.invalidateTags('t')
    expect(cache.getSync('a')).toBeUndefined()
    await expect(cache.getOrSet('b', () => notModified<number>())).rejects.toThrow('notModified')
  })

  it('refresh loads even if fresh, and concurrent refreshes share one load', async () => {
    const { cache } = setUp()
    let loads = 0
    const read = (): Promise<number> => cache.getOrSet('a', () => ++loads, { refresh: true })
    await cache.set('a', 0)
    expect(await Promise.all(Array.from({ length: 20 }, read))).toEqual(Array.from({ length: 20 }, () => 1))
    expect(cache.getSync('a')).toBe(1)
  })

  it('tags of cache, call and loader add up', async () => {
    const { cache } = setUp({ tags: ['cache'] })
    for (const tag of ['cache', 'call', 'loader']) {
      await cache.getOrSet('a', () => entry(1, { tags: ['loader'] }), { tags: ['call'] })
      expect(cache.getSync('a')).toBe(1)
      await cache.invalidateTags(tag)
      expect(cache.getSync('a')).toBeUndefined()
    }
  })

  it("does not change the caller's options", async () => {
    const { cache } = setUp({ tags: ['cache'] })
    const tags = Object.freeze(['call'])
    await cache.getOrSet('a', () => entry(1, { tags: ['loader'] }), Object.freeze({ tags }))
    expect(tags).toEqual(['call'])
  })
})

describe('without a shared tier', () => {
  it('a load that an invalidation overtakes is not kept', async () => {
    for (const target of [{ keys: ['a'] }, { tags: ['t'] }]) {
      const { cache } = setUp()
      const old = gate()
      const reading = cache.getOrSet('a', async () => {
        await old.pass()
        return entry('old', { tags: ['t'] })
      })
      await old.reached
      expect((await cache.invalidate(target)).status).toBe('applied')
      old.open()
      expect(await reading).toBe('old')
      expect(await cache.get('a')).toBeUndefined()
    }
  })

  it('a load that clear overtakes is not kept, also in a namespace below', async () => {
    const { cache } = setUp()
    const old = gate()
    const reading = cache.namespace('n').getOrSet('a', async () => {
      await old.pass()
      return 'old'
    })
    await old.reached
    await cache.clear()
    old.open()
    await reading
    expect(await cache.namespace('n').get('a')).toBeUndefined()
  })

  it('set is ordered by version', async () => {
    const { cache } = setUp()
    expect(await cache.set('a', 2, { version: 2 })).toEqual({ status: 'stored' })
    expect(await cache.set('a', 1, { version: 1n })).toEqual({ status: 'superseded' })
    expect(await cache.get('a')).toBe(2)
    expect(await cache.getOrSet('a', () => 3, { refresh: true })).toBe(3)
    expect(await cache.set('a', 1, { version: 1n })).toEqual({ status: 'superseded' })
    expect(await cache.get('a')).toBe(3)
  })
})

describe('a plain tier below memory', () => {
  const mapStore = (): Store & { readonly map: Map<string, Entry> } => {
    const map = new Map<string, Entry>()
    return {
      name: 'map',
      map,
      get: async (key) => map.get(key),
      set: async (key, value) => void map.set(key, value),
      delete: async (keys) => keys.forEach((key) => map.delete(key)),
    }
  }

  it('is read when memory has nothing, and its entries are copied up', async () => {
    const store = mapStore()
    const { cache } = setUp({ tiers: [memory({ maxEntries: 1 }), tier(store)] })
    await cache.set('a', 1)
    await cache.set('b', 2)
    expect(cache.getSync('a')).toBeUndefined()
    expect(await cache.get('a')).toBe(1)
    expect(cache.getSync('a')).toBe(1)
    expect(cache.stats().tiers['map']).toMatchObject({ hit: 1 })
  })

  it('obeys invalidations by key, tag and clear, also when it cannot delete', async () => {
    const store = { ...mapStore(), delete: () => Promise.reject(new Error('read only')) }
    const { clock, cache } = setUp({ tiers: [memory({ maxEntries: 1 }), tier(store)] })
    for (const invalidate of [() => cache.delete('a'), () => cache.invalidateTags('t'), () => cache.clear()]) {
      await cache.set('a', 1, { tags: ['t'] })
      await clock.advance(1)
      await invalidate()
      expect(await cache.get('a')).toBeUndefined()
    }
  })

  it('a failing store never fails a read that has a loader', async () => {
    const failing = { name: 'failing', get: () => Promise.reject(new Error('no')), set: () => Promise.reject(new Error('no')), delete: () => Promise.reject(new Error('no')) }
    const { cache } = setUp({ tiers: [memory({ maxEntries: 1 }), tier(failing)] })
    expect(await cache.getOrSet('a', () => 1)).toBe(1)
    await rest()
    expect(cache.stats().tiers['failing']).toMatchObject({ error: 2 })
  })
})
