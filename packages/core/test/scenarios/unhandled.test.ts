import { type Cache, type CacheConfig, type CacheEvents, createCache, type InvalidationSink, type LogReader, memory, type SharedStore, type Store, tier } from '@stratacache/core'
import { sharedTier, structuredSerializer } from '@stratacache/core/shared'
import { gate, rest } from '@stratacache/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Town } from './town.ts'

/* Whatever fails, and whoever waits for it or does not: no rejection is left unhandled, nothing is thrown at nobody. */

const ways: [string, () => Promise<never>][] = [
  ['throws', (): never => {
    throw new Error('broken')
  }],
  ['rejects', () => Promise.reject(new Error('broken'))],
]

let unhandled: unknown[]
let warnings: string[]
const collect = (error: unknown): void => void unhandled.push(error)
beforeEach(() => {
  unhandled = []
  warnings = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)))
  process.on('unhandledRejection', collect).on('uncaughtExceptionMonitor', collect)
})
afterEach(async () => {
  await rest()
  process.off('unhandledRejection', collect).off('uncaughtExceptionMonitor', collect)
  expect(unhandled).toEqual([])
})

/** One of everything that can be asked of a cache; what callers are told is their business. */
async function useAll(town: Town, cache: Cache): Promise<void> {
  const load = () => 'loaded'
  const reads = [
    cache.get('a'),
    cache.getOrSet('b', load, { tags: ['t'] }),
    cache.getOrSet('a', load, { refresh: true }),
    cache.getOrSet('c', () => Promise.reject(new Error('source is down'))),
    cache.getOrSetMany(['d', 'e'], () => Promise.reject(new Error('source is down'))),
    cache.getOrSetMany(['f', 'a'], (keys) => keys.map(load)),
  ]
  void Promise.allSettled(reads)
  await rest()
  const changes = [
    cache.set('g', 1, { tags: ['t'] }),
    cache.set('h', 1, { tags: ['t'] }),
    cache.delete('a', 'g'),
    cache.invalidateTags('t'),
    cache.expire({ keys: ['b'] }),
    cache.clear(),
    cache.explain('a'),
    cache.ready(),
  ]
  void Promise.allSettled(changes)
  await rest()
  // Where it is stored, it is outdated.
  void Promise.allSettled([cache.get('h')])
  // As long as the longest patience there is: the loads' own.
  for (let i = 0; i < 24; i++) await town.clock.advance(500)
}

describe('loads for which nobody waits', () => {
  it('of stale values, in the background', async () => {
    await using town = new Town()
    for (const config of [{}, { tiers: [memory({ maxEntries: 10 })] }] satisfies CacheConfig[]) {
      const cache = await town.process(config)
      const lengths = { ttl: '1s', staleWhileRevalidate: '1h' } as const
      await cache.getOrSet('row', () => 'v1', lengths)
      await town.clock.advance(1_500)
      for (const [, fail] of ways) {
        expect(await cache.getOrSet('row', fail, lengths)).toBe('v1')
        await town.clock.advance(1)
      }
      expect(cache.stats().loads.error).toBe(2)
    }
  })

  it('after a timeout, an abort, or the cache itself has ended the wait', async () => {
    await using town = new Town()
    const late = gate()
    const fail = async (): Promise<never> => {
      await late.pass()
      throw new Error('late')
    }
    const cache = await town.process()
    const outcomes: string[] = []
    const ask = (key: string, options: { hardTimeout?: number; signal?: AbortSignal }): void =>
      void cache.getOrSet(key, fail, options).catch((error: Error) => outcomes.push(error.name))
    const leaving = new AbortController()
    ask('timeout', { hardTimeout: 100 })
    ask('left', { signal: leaving.signal })
    ask('never wanted', { signal: AbortSignal.abort() })
    ask('closed', {})
    await town.clock.advance(200)
    leaving.abort()
    const closing = cache.close()
    await town.clock.advance(1_000)
    await closing
    late.open()
    await rest()
    expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['AbortError', 'AbortError', 'ClosedError', 'LoadTimeoutError'])
  })

  it('that was given up before the tier has answered, when the cache is closed', async () => {
    await using town = new Town()
    const cache = await town.process()
    const held = town.backend.faults.holdReply('read')
    const reading = cache.getOrSet('row', () => 1, { signal: AbortSignal.abort() }).catch((error: Error) => error.name)
    await held.reached
    const closing = cache.close()
    await town.clock.advance(2_000)
    await closing
    held.open()
    expect(await reading).toBe('AbortError')
  })
})

const EVENTS: readonly (keyof CacheEvents)[] = [
  'hit', 'stale', 'miss', 'load', 'loadError', 'set', 'expire', 'invalidate', 'evict',
  'tierDown', 'tierUp', 'outOfStep', 'inStep', 'queued', 'replayed', 'sourceError', 'corrupt',
]

it.each([...ways, ['rejects later', async () => {
  await rest()
  throw new Error('broken')
}] as (typeof ways)[number]])('listeners of which each %s', async (_, fail) => {
  await using town = new Town()
  const cache = await town.process({ circuitBreaker: { failures: 1, cooldown: '1s' } })
  const told = new Set<string>()
  for (const event of EVENTS) {
    // As callers do who do not know better: a listener is not meant to return anything.
    const listener: () => unknown = () => {
      told.add(event)
      return fail()
    }
    cache.on(event, listener as () => void)
  }
  await useAll(town, cache)
  town.backend.faults.down()
  await useAll(town, cache)
  town.backend.faults.up()
  await useAll(town, cache)
  expect([...told]).toEqual(expect.arrayContaining(['load', 'loadError', 'tierDown', 'tierUp', 'outOfStep', 'inStep', 'queued', 'replayed']))
  expect(new Set(warnings)).toEqual(new Set([...told].map((event) => `a listener of the cache event '${event}' failed: Error`)))
})

it('a tier that has not answered when the cache is closed, and nobody waits for it', async () => {
  await using town = new Town()
  town.backend.faults.down()
  const cache = await town.process()
  await cache.close()
})

describe('a source of invalidations', () => {
  it.each(ways)('that %s when it is started and stopped', async (_, fail) => {
    const cache = createCache()
    const detach = cache.use({ name: 'broken', start: fail, stop: fail })
    cache.use({ name: 'broken', start: fail, stop: fail })
    await expect(detach()).rejects.toThrow('broken')
    await cache.close()
    await rest()
    expect(warnings).toEqual([
      "the invalidation source 'broken' failed: Error",
      "the invalidation source 'broken' failed: Error",
      'stopping a source or plugin failed: Error',
    ])
  })

  it('that does not wait for its sink, which refuses nonsense, and everything after the end', async () => {
    const cache = createCache()
    let sink!: InvalidationSink
    cache.use({ name: 'careless', start: (to) => void (sink = to), stop: () => {} })
    void sink.invalidate({ tags: ['\ud800'] })
    await cache.close()
    void sink.invalidate({ keys: ['row'] })
    await expect(sink.invalidate({ keys: ['row'] })).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    await rest()
    expect(warnings).toEqual([
      "the invalidation source 'careless' failed: ConfigError",
      "the invalidation source 'careless' failed: ClosedError",
      "the invalidation source 'careless' failed: ClosedError",
    ])
  })

  it('that fails where somebody listens: told to him, and to nobody else', async () => {
    const cache = createCache()
    const told: CacheEvents['sourceError'][] = []
    cache.on('sourceError', (event) => told.push(event))
    let sink!: InvalidationSink
    cache.use({ name: 'careless', start: (to) => void (sink = to), stop: () => {} })
    await expect(sink.invalidate({ tags: ['row'], replicaLag: 'soon' as '1s' })).rejects.toMatchObject({ issues: [{ option: 'replicaLag' }] })
    sink.failed('lost touch')
    await rest()
    expect(told).toEqual([
      { source: 'careless', error: expect.objectContaining({ code: 'STRATA_CONFIG' }) },
      { source: 'careless', error: 'lost touch' },
    ])
    expect(warnings).toEqual([])
    await cache.close()
  })
})

const PLAIN = ['get', 'set', 'delete', 'clear', 'close'] as const

describe.each(ways)('a plain tier that %s', (_, fail) => {
  it.each([...PLAIN, 'everything'] as const)('%s', async (method) => {
    await using town = new Town()
    const store: Store = { name: 'broken', get: () => undefined, set: () => {}, delete: () => {}, clear: () => {}, close: () => {} }
    for (const each of PLAIN) if (method === each || method === 'everything') store[each] = fail
    for (const shared of [[], [town.backend.tier()]]) {
      const cache = await town.process({ tiers: [memory({ maxEntries: 2 }), tier(store), ...shared] })
      await useAll(town, cache)
      expect(await cache.getOrSet('row', () => 'value')).toBe('value')
      await cache.close()
    }
  })
})

const SHARED = ['connect', 'read', 'lease', 'fill', 'release', 'write', 'invalidate', 'discard', 'inspect', 'openLog', 'close'] as const
const LOG = ['start', 'read', 'close'] as const

describe.each(ways)('a shared tier that %s', (_, fail) => {
  /** A cache whose shared tier is broken, until `mend`. */
  const broken = async (town: Town, breakStore: (store: SharedStore) => void, breakLog: (log: LogReader) => void): Promise<Cache> => {
    const open = (): SharedStore => {
      const store = town.backend.open()
      const { openLog } = store
      store.openLog = async () => {
        const log = await openLog.call(store)
        breakLog(log)
        return log
      }
      breakStore(store)
      return store
    }
    return town.process({ tiers: [memory({ maxEntries: 2 }), sharedTier({ name: 'shared', serializer: structuredSerializer(), open })] })
  }
  const use = async (town: Town, cache: Cache): Promise<void> => {
    await useAll(town, cache)
    expect(await cache.getOrSet('row', () => 'value')).toBe('value')
    const closing = cache.close()
    await town.clock.advance(5_000)
    await closing
  }

  it.each([...SHARED, 'everything'] as const)('%s', async (method) => {
    await using town = new Town()
    const cache = await broken(town, (store) => {
      for (const each of SHARED) if (method === each || method === 'everything') store[each] = fail
    }, () => {})
    await use(town, cache)
  })

  it.each([...LOG, 'everything'] as const)('%s of the log', async (method) => {
    await using town = new Town()
    const cache = await broken(town, () => {}, (log) => {
      for (const each of LOG) if (method === each || method === 'everything') log[each] = fail
    })
    await use(town, cache)
  })
})

it.each(['down', 'hang'] as const)('a shared tier that is %s, comes back, and is closed while it is', async (fault) => {
  await using town = new Town({ commandTimeout: 100 })
  const [cache, other] = [await town.process({ circuitBreaker: { failures: 2 } }), await town.process()]
  for (let i = 0; i < 2; i++) {
    await useAll(town, cache)
    town.backend.faults[fault]()
    await Promise.all([useAll(town, cache), useAll(town, other)])
    town.backend.faults.up()
    await useAll(town, cache)
  }
  expect(cache.stats()).toMatchObject({ queued: 0, inStep: true })
  town.backend.faults[fault]()
  const deleting = cache.delete('row')
  const closing = cache.close()
  await town.clock.advance(5_000)
  await closing
  expect(await deleting).toEqual({ status: 'queued' })
})
