import { type Cache, createCache, type Entry, type InvalidationSource, memory, type SharedStore, tier } from '@stratacache/core'
import { sharedTier, structuredSerializer } from '@stratacache/core/shared'
import { gate, rest, SharedMemory } from '@stratacache/core/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { heard, Town } from './town.ts'

const T = 500
const forEver = (): Promise<never> => new Promise(() => {})
const fail = (): Promise<never> => Promise.reject(new Error('broken'))
const raise = (): never => {
  throw new Error('broken')
}

let warnings: string[]
beforeEach(() => {
  warnings = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)))
})

/** How long closing took by the town's clock, which leaves no timer behind. */
async function closed(town: Town, cache: Cache): Promise<number> {
  const begun = town.clock.now()
  let isClosed = false
  const closing = cache.close().then(() => (isClosed = true))
  await rest()
  while (!isClosed) await town.clock.advance(10)
  await closing
  return town.clock.now() - begun
}

describe('closing', () => {
  it('answers what is under way, refuses what comes later, and is idempotent', async () => {
    await using town = new Town()
    const cache = await town.process()
    const slow = gate()
    const ending = cache.getOrSet('slow', async () => {
      await slow.pass()
      return 'answered'
    })
    const reading = cache.getOrSet('row', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))))
    const outcome = reading.catch((error: Error) => error)
    const deaf = cache.getOrSet('deaf', () => new Promise(() => {})).catch((error: Error) => error)
    await rest()
    const closing = Promise.all([cache.close(), cache.close()])
    await rest()
    slow.open()
    expect(await ending).toBe('answered')
    await town.clock.advance(1_000)
    await closing
    await cache.close()
    expect(await outcome).toMatchObject({ code: 'STRATA_CLOSED' })
    expect(await deaf).toMatchObject({ code: 'STRATA_CLOSED' })
    await expect(cache.get('row')).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    await expect(cache.getOrSet('row', () => 1)).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    await expect(cache.set('row', 1)).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    await expect(cache.delete('row')).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    expect(cache.getSync('row')).toBeUndefined()
  })

  it('ends while the tier hangs', async () => {
    await using town = new Town()
    const cache = await town.process()
    town.backend.faults.hang()
    const closing = cache.close()
    await town.clock.advance(10_000)
    await closing
  })
})

describe('closing takes no longer than it says', () => {
  it('nothing without anything to wait for, and nobody is left waiting', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 1)
    expect([await closed(town, cache), town.clock.pending]).toEqual([0, 0])
  })

  it('nothing for a load that nobody waits for any more', async () => {
    await using town = new Town()
    const cache = await town.process()
    const leaving = new AbortController()
    const reading = cache.getOrSet('deaf', forEver, { signal: leaving.signal }).catch((error: Error) => error.name)
    await rest()
    const closing = closed(town, cache)
    leaving.abort()
    expect([await closing, await reading, town.clock.pending]).toEqual([0, 'AbortError', 0])
  })

  it('ends what hangs in the shared tier', async () => {
    await using town = new Town()
    const cache = await town.process()
    await cache.set('row', 1)
    town.backend.faults.hang()
    const explaining = cache.explain('row')
    expect([await closed(town, cache), town.clock.pending]).toEqual([0, 0])
    expect((await explaining).tiers[1]).toMatchObject({ state: 'away' })
  })

  it('tries to hand over what is queued for two commandTimeouts, then says what is lost', async () => {
    for (const fault of ['hang', 'down'] as const) {
      await using town = new Town({ commandTimeout: T })
      const cache = await town.process({ circuitBreaker: { failures: 1, cooldown: '1h' } })
      town.backend.faults[fault]()
      const queueing = cache.invalidate({ keys: ['a', 'b'], tags: ['t'] })
      await town.clock.advance(T)
      await queueing
      const took = await closed(town, cache)
      expect([took >= 2 * T, took <= 2 * T + 20, town.clock.pending]).toEqual([true, true, 0])
      await rest()
      expect(warnings.splice(0)).toEqual(["closed before tier 'shared' took the invalidation of 2 keys and 1 tags"])
    }
  })

  it('hands over what is queued as soon as the tier takes it, in all its rounds', async () => {
    await using town = new Town({ commandTimeout: T })
    const cache = await town.process({ circuitBreaker: { failures: 1, cooldown: '1h' } })
    const other = await town.process()
    await other.set('key119999', 1)
    town.backend.faults.down()
    expect(await cache.delete(...Array.from({ length: 120_000 }, (_, i) => `key${i}`))).toEqual({ status: 'queued' })
    const closing = closed(town, cache)
    await town.clock.advance(100)
    town.backend.faults.up()
    expect(await closing).toBeLessThan(2 * T)
    expect([await other.get('key119999'), warnings]).toEqual([undefined, []])
  })

  it('asks a tier that is back, though nobody else has noticed yet', async () => {
    await using town = new Town()
    const cache = await town.process({ circuitBreaker: { failures: 1, cooldown: '1h' } })
    const other = await town.process()
    await other.set('row', 1)
    town.backend.faults.down()
    await cache.delete('row')
    town.backend.faults.up()
    expect(await closed(town, cache)).toBe(0)
    expect([await other.get('row'), warnings]).toEqual([undefined, []])
  })

  it('leaves what is queued to those who go on using the tier', async () => {
    await using town = new Town()
    const shared = town.backend.tier()
    const [first, second] = [await town.process({ tiers: [shared] }), await town.process({ tiers: [shared], name: 'second' })]
    const [past, present] = [heard(first, 'replayed'), heard(second, 'replayed')]
    town.backend.faults.down()
    await first.delete('row')
    expect(await closed(town, first)).toBe(0)
    expect(second.stats().queued).toBe(1)
    town.backend.faults.up()
    await town.clock.advance(2_000)
    expect([second.stats().queued, warnings, past.length, present.length]).toEqual([0, [], 0, 1])
  })

  it('waits a second for sources and plugins that end, for those of namespaces too, and then for none', async () => {
    await using town = new Town()
    const told: string[] = []
    const ending = gate()
    const cache = await town.process({
      plugins: [
        { name: 'good', setup: () => () => void told.push('plugin') },
        { name: 'rejects', setup: () => fail },
        { name: 'throws', setup: () => raise },
      ],
    })
    const source = (name: string, stop: InvalidationSource['stop']): InvalidationSource => ({ name, start: () => {}, stop })
    cache.use(source('hangs', forEver))
    cache.use(source('rejects', fail))
    cache.namespace('below').use(source('good', async () => {
      await ending.pass()
      // Its last word is still heard.
      told.push((await cache.delete('row')).status)
    }))
    const closing = closed(town, cache)
    await ending.reached
    ending.open()
    expect(await closing).toBe(1_000)
    await rest()
    expect(told).toEqual(['plugin', 'applied'])
    expect(warnings).toEqual(Array.from({ length: 3 }, () => 'stopping a source or plugin failed: Error'))
    expect(town.clock.pending).toBe(0)
  })

  it('does not depend on how stores and the log end', async () => {
    for (const end of [forEver, fail, raise] as const) {
      await using town = new Town({ commandTimeout: T })
      const open = (): SharedStore => {
        const store = town.backend.open()
        const { openLog } = store
        return Object.assign(store, { close: end, openLog: async () => ({ ...(await openLog.call(store)), close: end }) })
      }
      const map = new Map<string, Entry>()
      const plain = tier({ name: 'map', get: (key) => map.get(key), set: () => {}, delete: () => {}, close: end })
      const cache = await town.process({ tiers: [memory({ maxEntries: 10 }), plain, sharedTier({ name: 'shared', serializer: structuredSerializer(), open })] })
      await cache.set('row', 1)
      expect(await closed(town, cache)).toBe(end === forEver ? 1_000 + T : 0)
    }
  })

  it('is done when the promise says so, for whoever asks again', async () => {
    await using town = new Town()
    const order: string[] = []
    const cache = await town.process({ plugins: [{ name: 'once', setup: () => () => void order.push('plugin') }] })
    const deaf = cache.getOrSet('deaf', forEver).catch((error: { code: string }) => error.code)
    await rest()
    const closings = [cache.close().then(() => order.push('first')), cache.close().then(() => order.push('second'))]
    void deaf.then((code) => order.push(code))
    await town.clock.advance(1_000)
    await Promise.all(closings)
    expect([order, town.clock.pending]).toEqual([['plugin', 'STRATA_CLOSED', 'first', 'second'], 0])
  })
})

describe('ready()', () => {
  it('rejects when the cache is closed before the tier has answered', async () => {
    for (const fault of ['hang', 'down'] as const) {
      await using town = new Town()
      town.backend.faults[fault]()
      const cache = await town.process()
      const ready = cache.ready().catch((error: { code: string }) => error.code)
      expect(await closed(town, cache)).toBe(0)
      expect(await ready).toBe('STRATA_CLOSED')
      await expect(cache.ready()).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    }
  })

  it('goes on for those who share the tier', async () => {
    await using town = new Town()
    const shared = town.backend.tier()
    town.backend.faults.down()
    const [first, second] = [await town.process({ tiers: [shared] }), await town.process({ tiers: [shared], name: 'second' })]
    const outcomes = [first, second].map((cache) => cache.ready().then(() => 'ready', (error: { code: string }) => error.code))
    await first.close()
    town.backend.faults.up()
    await town.clock.advance(1_000)
    expect(await Promise.all(outcomes)).toEqual(['STRATA_CLOSED', 'ready'])
  })

  it('resolves at once without a shared tier, and when the tier is in step', async () => {
    await createCache().ready()
    const cache = createCache({ tiers: [new SharedMemory().tier()] })
    await cache.ready()
    await cache.ready()
    await cache.close()
  })
})
