import { createCache, type InvalidationSink, memory } from '@stratacache/core'
import { gate, manualClock, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from './scenarios/town.ts'

describe('reading many', () => {
  it('getMany answers in the order asked', async () => {
    const cache = createCache()
    await cache.set('a', 1)
    await cache.set(['b', 2], 2)
    expect(await cache.getMany(['x', ['b', 2], 'a', 'a'])).toEqual([undefined, 2, 1, 1])
    expect(await cache.getMany([])).toEqual([])
  })

  it('getOrSetMany loads what is missing in one call and answers in the order asked', async () => {
    const cache = createCache()
    await cache.set('b', 'cached')
    const calls: (readonly string[])[] = []
    const load = (keys: readonly string[]): string[] => (calls.push(keys), keys.map((key) => `loaded ${key}`))
    expect(await cache.getOrSetMany(['c', 'b', 'a', 'c'], load)).toEqual(['loaded c', 'cached', 'loaded a', 'loaded c'])
    expect(calls).toEqual([['c', 'a']])
    expect(await cache.getOrSetMany(['a', 'b', 'c'], load)).toEqual(['loaded a', 'cached', 'loaded c'])
    expect(calls).toHaveLength(1)
  })

  it('getOrSetMany takes a Map, array keys, and options per entry', async () => {
    const clock = manualClock()
    const cache = createCache({ clock, jitter: 0 })
    const keys: (readonly [string, number])[] = [['user', 1], ['user', 2], ['user', 3]]
    const values = await cache.getOrSetMany(
      keys,
      () => new Map([[keys[0]!, 'one'], [keys[2]!, 'three']]),
      (key, value) => ({ ttl: key[1] * 1_000, tags: [value] }),
    )
    expect(values).toEqual(['one', undefined, 'three'])
    await clock.advance(1_000)
    expect(await cache.getMany(keys)).toEqual([undefined, undefined, 'three'])
    await cache.invalidateTags('three')
    expect(await cache.getMany(keys)).toEqual([undefined, undefined, undefined])
  })

  it('without a shared tier, too, an equal or newer version stays', async () => {
    await using cache = createCache()
    const statuses = []
    for (const version of [2, 1, 2, 3]) statuses.push((await cache.set('row', `v${version}`, { version })).status)
    expect(statuses).toEqual(['stored', 'superseded', 'superseded', 'stored'])
    expect(await cache.set('row', 'of no version')).toEqual({ status: 'stored' })
    expect(cache.getSync('row')).toBe('of no version')
  })

  it('getOrSetMany loads again what is asked to be refreshed, though memory has it', async () => {
    await using cache = createCache()
    await cache.set('a', 'old')
    expect(await cache.getOrSetMany(['a', 'b'], (keys) => keys.map((key) => `new ${key}`), { refresh: true })).toEqual(['new a', 'new b'])
    expect(cache.getSync('a')).toBe('new a')
  })

  it('getOrSetMany joins loads that are under way, and single reads join it', async () => {
    const cache = createCache()
    const slow = gate()
    const single = cache.getOrSet('a', async () => {
      await slow.pass()
      return 'single'
    })
    const calls: (readonly string[])[] = []
    const many = cache.getOrSetMany(['a', 'b'], async (keys) => {
      calls.push(keys)
      await slow.pass()
      return keys.map(() => 'many')
    })
    const joining = cache.getOrSet('b', () => 'not called')
    await rest()
    slow.open()
    expect(await Promise.all([single, many, joining])).toEqual(['single', ['single', 'many'], 'many'])
    expect(calls).toEqual([['b']])
  })

  it('a wrong number of values is an error for all who asked', async () => {
    const cache = createCache()
    await expect(cache.getOrSetMany(['a', 'b'], () => [1])).rejects.toThrow('an array of 2 values or a Map')
    await expect(cache.getOrSetMany(['a', 'b'], () => ({}) as never)).rejects.toThrow('an array of 2 values or a Map')
  })

  it('the signal of a batch is aborted when every caller has left', async () => {
    const cache = createCache()
    const caller = new AbortController()
    let signal: AbortSignal | undefined
    const reading = cache.getOrSetMany(['a', 'b'], (_, context) => ((signal = context.signal), new Promise<never>(() => {})), { signal: caller.signal })
    const outcome = reading.catch((error: Error) => error.message)
    await rest()
    expect(signal?.aborted).toBe(false)
    caller.abort(new Error('gone'))
    expect(await outcome).toBe('gone')
    expect(signal?.aborted).toBe(true)
  })
})

describe('namespaces', () => {
  it('have keys and tags of their own; clear of the parent clears them, not the reverse', async () => {
    const cache = createCache({ name: 'app' })
    const users = cache.namespace('users')
    expect(users.name).toBe('app/users')
    for (const each of [cache, users]) await each.set('k', each.name, { tags: ['t'] })
    await cache.invalidateTags('t')
    expect([cache.getSync('k'), users.getSync('k')]).toEqual([undefined, 'app/users'])
    await cache.set('k', 'app')
    await users.clear()
    expect([cache.getSync('k'), users.getSync('k')]).toEqual(['app', undefined])
    await users.set('k', 'again')
    await cache.clear()
    expect([cache.getSync('k'), users.getSync('k')]).toEqual([undefined, undefined])
  })

  it('clear leaves other caches of the same shared tier alone', async () => {
    await using town = new Town()
    const [a, b] = [await town.process({ name: 'a' }), await town.process({ name: 'ab' })]
    await a.set('k', 1)
    await b.set('k', 2)
    await a.clear()
    expect([await a.get('k'), await b.get('k')]).toEqual([undefined, 2])
  })

  it('two caches over one tier object share its link', async () => {
    await using town = new Town()
    const tier = town.backend.tier()
    const tiers = [memory({ maxEntries: 10 }), tier] as const
    const [a, b] = [await town.process({ name: 'a', tiers }), await town.process({ name: 'b', tiers })]
    expect(town.backend.faults.executed.filter((operation) => operation === 'openLog')).toHaveLength(1)
    await a.set('k', 1)
    await a.close()
    await b.set('k', 2)
    expect(await b.get('k')).toBe(2)
    await b.delete('k')
    await rest()
    expect(await b.get('k')).toBeUndefined()
  })
})

describe('wrap', () => {
  it('caches by name and arguments', async () => {
    const cache = createCache()
    let calls = 0
    const add = cache.wrap('add', async (a: number, b: number) => ((calls++), a + b))
    expect(await Promise.all([add(1, 2), add(1, 2), add(2, 1)])).toEqual([3, 3, 3])
    expect(calls).toBe(2)
    expect(add.getSync(1, 2)).toBe(3)
    expect(add.key(1, 2)).toBe('add:1,2')
    await add.delete(1, 2)
    expect(add.getSync(1, 2)).toBeUndefined()
    expect(await add.refresh(2, 1)).toBe(3)
    expect(calls).toBe(3)
    await add.prime(7, 5, 5)
    expect(await add(5, 5)).toBe(7)
  })

  it('takes a key and tags from arguments and value', async () => {
    const cache = createCache()
    const user = cache.wrap('user', (id: number) => ({ id, team: id % 2 }), { key: (id) => ['id', id], tags: (value) => [`team:${value.team}`], ttl: '1m' })
    await user(1)
    await user(2)
    expect(user.key(1)).toBe('user:id:1')
    await cache.invalidateTags('team:1')
    expect([user.getSync(1), user.getSync(2)]).toEqual([undefined, { id: 2, team: 0 }])
    await user.prime({ id: 3, team: 1 }, 3)
    await cache.invalidateTags('team:1')
    expect(user.getSync(3)).toBeUndefined()
  })

  it('rejects where the arguments have no stable key', async () => {
    await using cache = createCache()
    const run = cache.wrap('run', (job: () => number) => job())
    await expect(run(() => 1)).rejects.toThrow("has no stable key: give 'key'")
  })

  it('expire lets staleWhileRevalidate serve', async () => {
    const cache = createCache({ staleWhileRevalidate: '1m' })
    let n = 0
    const next = cache.wrap('next', () => ++n)
    await next()
    await next.expire()
    expect(await next()).toBe(1)
    await rest()
    expect(await next()).toBe(2)
  })
})

describe('sources of invalidations', () => {
  it('are started with a sink and stopped when detached or closed', async () => {
    const cache = createCache()
    const told: string[] = []
    let sink!: InvalidationSink
    const source = {
      name: 'test',
      start: (to: InvalidationSink) => {
        sink = to
        told.push('start')
      },
      stop: () => void told.push('stop'),
    }
    const detach = cache.use(source)
    await cache.set('a', 1, { tags: ['t'], staleWhileRevalidate: '1h' })
    await sink.invalidate({ tags: ['t'], soft: true })
    expect(await cache.getOrSet('a', () => 2)).toBe(1)
    await rest()
    await sink.invalidate({ keys: ['a'] })
    expect(cache.getSync('a')).toBeUndefined()
    await detach()
    await detach()
    cache.use(source)
    await cache.close()
    expect(told).toEqual(['start', 'stop', 'start', 'stop'])
  })
})

describe('events and stats', () => {
  it('tell hits by tier, misses, loads and writes, and a throwing listener harms nobody', async () => {
    await using town = new Town()
    const [cache, other] = [await town.process(), await town.process()]
    cache.on('hit', () => {
      throw new Error('listener')
    })
    const hits = heard(cache, 'hit')
    const misses = heard(cache, 'miss')
    const loads = heard(cache, 'load')
    await other.set('a', 1)
    await cache.getOrSet('a', () => 2)
    await cache.getOrSet('a', () => 2)
    await cache.getOrSet('b', () => 2)
    await cache.get('c')
    expect(hits).toEqual([{ key: 'a', tier: 'shared' }, { key: 'a', tier: 'memory' }])
    expect(misses).toEqual([{ key: 'b' }, { key: 'c' }])
    expect(loads).toEqual([{ key: 'b', durationMs: 0 }])
    expect(cache.stats()).toMatchObject({
      requests: { hit: 2, miss: 2, stale: 0, coalesced: 0, error: 0 },
      tiers: { memory: { hit: 1 }, shared: { hit: 1 } },
      loads: { success: 1, error: 0, active: 0 },
      inStep: true,
      queued: 0,
    })
    expect(other.stats()).toMatchObject({ writes: { stored: 1 } })
  })

  it('count the same without a shared tier', async () => {
    const cache = createCache()
    await Promise.all([cache.getOrSet('a', () => 1), cache.getOrSet('a', () => 1)])
    await cache.getOrSet('a', () => 1)
    await cache.getOrSet('b', () => Promise.reject(new Error('down'))).catch(() => {})
    expect(cache.stats().requests).toEqual({ hit: 1, miss: 2, stale: 0, coalesced: 1, error: 1 })
    expect(cache.stats().loads).toEqual({ success: 1, error: 1, timeout: 0, active: 0 })
  })

  it('a listener can be removed', async () => {
    const cache = createCache()
    const seen: string[] = []
    const stop = cache.on('set', ({ key }) => seen.push(key))
    await cache.set('a', 1)
    stop()
    await cache.set('b', 1)
    expect(seen).toEqual(['a'])
  })
})

describe('explain', () => {
  it('says per tier why a read would be answered as it would', async () => {
    await using town = new Town()
    const cache = await town.process()
    expect((await cache.explain('a')).tiers).toMatchObject([{ tier: 'memory', state: 'absent' }, { tier: 'shared', state: 'absent' }])
    await cache.set('a', { secret: 'hunter2' }, { ttl: '10s', staleWhileRevalidate: '10s', tags: ['t'] })
    const fresh = await cache.explain('a')
    expect(fresh).toMatchObject({ key: 'a', qualified: 'default:a', inStep: true, pending: false, loading: false })
    expect(fresh.tiers).toMatchObject([{ state: 'fresh', freshForMs: 10_000, ageMs: 0 }, { state: 'fresh' }])
    expect(fresh.tiers[0]!.tags!.map(({ tag }) => tag)).toEqual(['*', 'default', 't'])
    expect(JSON.stringify(fresh)).not.toContain('hunter2')
    await town.clock.advance(10_000)
    expect((await cache.explain('a')).tiers).toMatchObject([{ state: 'stale' }, { state: 'stale' }])
    await cache.invalidateTags('t')
    expect((await cache.explain('a')).tiers).toMatchObject([{ state: 'invalid' }, { state: 'invalid' }])
    town.backend.faults.down()
    expect((await cache.explain('a')).tiers).toMatchObject([{}, { state: 'away' }])
  })

  it('names the holder of a lease', async () => {
    await using town = new Town()
    const [holder, other] = [await town.process(), await town.process()]
    const slow = gate()
    const loading = holder.getOrSet('a', async () => {
      await slow.pass()
      return 1
    })
    await slow.reached
    expect((await holder.explain('a')).loading).toBe(true)
    expect((await other.explain('a')).tiers[1]).toMatchObject({ state: 'absent', lease: expect.stringMatching(/^[0-9a-f]{20}:1/) })
    slow.open()
    await loading
  })
})
