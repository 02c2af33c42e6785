import { type Cache, type Collection, type CollectionOptions, createCache, type Entry, entry, memory, type Store, tier, writeAround, writeThrough } from '@stratacache/core'
import { gate, type LoaderGate, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from '../scenarios/town.ts'

/** A source: what is written last is what it holds. */
class Source {
  readonly rows = new Map<string, string>([['k', 'old']])
  readonly calls: string[] = []

  options(more: Partial<CollectionOptions<string, string>> = {}): CollectionOptions<string, string> {
    return {
      load: (key) => {
        this.calls.push(`load ${key}`)
        return this.rows.get(key)
      },
      write: (key, value) => {
        this.calls.push(`write ${value}`)
        this.rows.set(key, value)
      },
      remove: (key) => {
        this.calls.push(`remove ${key}`)
        this.rows.delete(key)
      },
      writeStrategy: writeThrough(),
      ...more,
    } as CollectionOptions<string, string>
  }
}

const over = (cache: Cache, source: Source, more?: Partial<CollectionOptions<string, string>>): Collection<string, string> => cache.collection('c', source.options(more))

/** Two processes with the old value in memory. */
async function two(town: Town, source: Source, more?: Partial<CollectionOptions<string, string>>): Promise<[Collection<string, string>, Collection<string, string>, Cache, Cache]> {
  const [a, b] = [await town.process(), await town.process()]
  const [first, second] = [over(a, source, more), over(b, source, more)]
  await first.get('k')
  await second.get('k')
  source.calls.length = 0
  return [first, second, a, b]
}

describe('writeThrough', () => {
  it('writes the source, then every tier; other processes lose their copies', async () => {
    await using town = new Town()
    const source = new Source()
    const [a, b] = await two(town, source)
    expect([a.getSync('k'), b.getSync('k')]).toEqual(['old', 'old'])
    await a.set('k', 'new')
    await rest()
    expect(a.getSync('k')).toBe('new')
    expect(b.getSync('k')).toBe(undefined)
    expect(await b.get('k')).toBe('new')
    expect(source.calls).toEqual(['write new'])
    await a.delete('k')
    await rest()
    expect([a.getSync('k'), b.getSync('k')]).toEqual([undefined, undefined])
    expect(await b.get('k')).toBe(undefined)
    expect(source.calls).toEqual(['write new', 'remove k', 'load k'])
  })

  it('is what a collection with a writer does, unless its cache says otherwise', async () => {
    const source = new Source()
    const { writeStrategy: _, ...options } = source.options()
    await using plain = createCache()
    const through = plain.collection('c', options)
    await through.set('k', 'new')
    expect(through.getSync('k')).toBe('new')
    await using around = createCache({ write: writeAround() })
    const past = around.collection('c', options)
    await past.set('k', 'new')
    expect(past.getSync('k')).toBe(undefined)
  })

  it('a source that fails changes nothing in the cache, and leaves nothing behind', async () => {
    await using town = new Town()
    const source = new Source()
    const failure = new Error('constraint')
    const [a, b, , other] = await two(town, source, { write: () => { throw failure }, remove: async () => { throw failure } })
    await expect(a.set('k', 'new')).rejects.toBe(failure)
    await expect(a.delete('k')).rejects.toBe(failure)
    await rest()
    expect([a.getSync('k'), b.getSync('k')]).toEqual(['old', 'old'])
    await rest()
    expect(town.backend.faults.executed.filter((operation) => operation === 'invalidate')).toEqual([])
    // Its lease is given back: nobody waits for it.
    await b.invalidate('k')
    expect((await other.explain('c:k')).tiers.at(-1)?.lease).toBe(undefined)
    await expect(a.set('fresh', 'x')).rejects.toBe(failure)
    await rest()
    expect(await b.get('fresh')).toBe(undefined)
  })

  it('caches what the writer returns, as it says', async () => {
    await using town = new Town()
    const source = new Source()
    const [a] = await two(town, source, { write: (_key, value) => entry(`${value}, stored`, { ttl: '1s', tags: ['t'] }), tags: (value) => [value] })
    await a.set('k', 'new')
    expect(a.getSync('k')).toBe('new, stored')
    await town.clock.advance(1_100)
    expect(a.getSync('k')).toBe(undefined)
    for (const tag of ['t', 'newer, stored', 'extra']) {
      await a.set('k', 'newer', { tags: ['extra'] })
      expect(await a.get('k')).toBe('newer, stored')
      const other = await town.process()
      await other.invalidateTags(tag)
      await rest()
      expect(a.getSync('k')).toBe(undefined)
    }
  })

  it('changes of one key are made one after another, also after one that failed; others meanwhile', async () => {
    await using cache = createCache()
    const source = new Source()
    const gates = [gate(), gate()]
    const write = async (_key: string, value: string): Promise<void> => {
      source.calls.push(`begin ${value}`)
      if (value === 'first') await gates[0]!.pass()
      source.calls.push(`end ${value}`)
      if (value === 'first') throw new Error('failed')
    }
    const c = over(cache, source, { write })
    const first = c.set('k', 'first').catch(() => 'failed')
    const second = c.set('k', 'second')
    await c.set('other', 'meanwhile')
    expect(source.calls).toEqual(['begin first', 'begin meanwhile', 'end meanwhile'])
    gates[0]!.open()
    expect(await first).toBe('failed')
    await second
    expect(source.calls.slice(3)).toEqual(['end first', 'begin second', 'end second'])
    expect(c.getSync('k')).toBe('second')
  })

  it('closing waits for a write that is under way', async () => {
    const cache = createCache()
    const source = new Source()
    const { pass, open } = gate()
    const c = over(cache, source, { write: async (key, value) => { await pass(); source.rows.set(key, value) } })
    const order: string[] = []
    const writing = c.set('k', 'new').then(() => order.push('written'))
    const closing = cache.close().then(() => order.push('closed'))
    await rest()
    open()
    await Promise.all([writing, closing])
    expect(order).toEqual(['written', 'closed'])
    expect(source.rows.get('k')).toBe('new')
  })
})

/** What may overtake a write between the source and the cache. Each leaves 'newest' in the source. */
const OVERTAKERS: Record<string, (other: Collection<string, string>, cache: Cache) => Promise<unknown>> = {
  'another write': (other) => other.set('k', 'newest'),
  'an invalidation by key': (other) => other.invalidate('k'),
  'an invalidation by tag': (_other, cache) => cache.invalidateTags('t'),
  'clear': (_other, cache) => cache.clear(),
  'an invalidation by a tag that only the value knows': (_other, cache) => cache.invalidateTags('of new'),
}

describe.each(Object.entries(OVERTAKERS))('writeThrough, overtaken by %s', (name, overtake) => {
  for (const where of ['in another process', 'in the same process', 'without a shared tier']) {
    it(`${where}: the older value is not served`, async () => {
      await using town = new Town()
      const source = new Source()
      const written = gate()
      const more = {
        tags: (value: string) => ['t', `of ${value}`],
        write: async (key: string, value: string) => {
          source.rows.set(key, value)
          if (value === 'new') await written.pass()
        },
      }
      const [a, b, cacheA, cacheB] = where === 'without a shared tier' ? await alone(source, more) : await two(town, source, more)
      const isElsewhere = where === 'in another process'
      const writing = a.set('k', 'new')
      await rest()
      source.rows.set('k', 'newest')
      // A write of the same process waits for its turn.
      const overtaking = overtake(isElsewhere ? b : a, isElsewhere ? cacheB : cacheA)
      await rest()
      written.open()
      await Promise.all([writing, overtaking])
      await rest()
      expect(await a.get('k')).toBe('newest')
      expect(await b.get('k')).toBe('newest')
      expect(name).toBeTruthy()
    })
  }
})

async function alone(source: Source, more: Partial<CollectionOptions<string, string>>): Promise<[Collection<string, string>, Collection<string, string>, Cache, Cache]> {
  const cache = createCache()
  const c = over(cache, source, more)
  await c.get('k')
  return [c, c, cache, cache]
}

describe('writeThrough among loads', () => {
  it.each(['in another process', 'in the same process'])('a load %s that read the source before the write is not kept', async (where) => {
    await using town = new Town()
    const source = new Source()
    const { reached, open, pass } = gate()
    const read = async (key: string): Promise<string | undefined> => {
      const row = source.rows.get(key)
      if (row === 'old') await pass()
      return row
    }
    const [a, b] = [over(await town.process(), source, { load: read }), over(await town.process(), source, { load: read })]
    const reader = where === 'in the same process' ? a : b
    const reading = reader.get('k')
    await reached
    await a.set('k', 'new')
    open()
    expect(await reading).toBe('old')
    await rest()
    expect(await b.get('k')).toBe('new')
    expect(await a.get('k')).toBe('new')
  })

  it('a load without a lease, during the write, is not kept by its process', async () => {
    await using town = new Town()
    const source = new Source()
    const writing = gate()
    const reading = gate()
    const write = async (key: string, value: string): Promise<void> => {
      await writing.pass()
      source.rows.set(key, value)
    }
    const read = async (key: string): Promise<string | undefined> => {
      const row = source.rows.get(key)
      await reading.pass()
      return row
    }
    const a = over(await town.process(), source, { write, load: read })
    const b = over(await town.process({ hardTimeout: 1_000 }), source, { write, load: read })
    const set = a.set('k', 'new')
    await rest()
    // Its process has met a stamp that is newer than the writer's lease.
    await b.invalidate('another')
    const get = b.get('k')
    // The lease is the writer's: the reader waits for half its patience, then loads without one.
    await town.clock.advance(600)
    await reading.reached
    reading.open()
    expect(await get).toBe('old')
    expect(b.getSync('k')).toBe('old')
    writing.open()
    await set
    await rest()
    expect(b.getSync('k')).toBe(undefined)
    expect(await b.get('k')).toBe('new')
  })

  it('readers who miss during the write wait for it instead of loading', async () => {
    await using town = new Town()
    const source = new Source()
    const { pass, open } = gate()
    const a = over(await town.process(), source, { write: pass })
    const b = over(await town.process(), source)
    const set = a.set('k', 'new')
    await rest()
    const get = b.get('k')
    await rest()
    open()
    await set
    await town.clock.advance(100)
    expect(await get).toBe('new')
    expect(source.calls).toEqual([])
  })
})

describe('writeThrough with versions', () => {
  it('a value whose version is not newer than the one that is stored takes nothing away', async () => {
    await using town = new Town()
    const source = new Source()
    let version = 5
    const [a, b, cache] = await two(town, source, { write: (_key, value) => entry(value, { version: version-- }) })
    const sets = heard(cache, 'set')
    await a.set('k', 'five')
    await a.set('k', 'four')
    version = 5
    await a.set('k', 'five again')
    await rest()
    expect(await b.get('k')).toBe('five')
    expect(a.getSync('k')).toBe('five')
    expect(sets).toEqual([{ key: 'c:k', status: 'stored' }, { key: 'c:k', status: 'superseded' }, { key: 'c:k', status: 'superseded' }])
    expect((await cache.explain('c:k')).tiers.at(-1)?.lease).toBe(undefined)
  })

  it('without a shared tier as well', async () => {
    await using cache = createCache()
    let version = 5
    const c = over(cache, new Source(), { write: (_key, value) => entry(value, { version: version-- }) })
    await c.set('k', 'five')
    await c.set('k', 'four')
    expect(c.getSync('k')).toBe('five')
  })

  it('a value without one takes over that of the entry whose place it takes', async () => {
    await using town = new Town()
    const [a, , cache] = await two(town, new Source())
    await cache.set('c:k', 'seven', { version: 7 })
    await a.set('k', 'new')
    expect(await cache.set('c:k', 'six', { version: 6 })).toEqual({ status: 'superseded' })
  })
})

describe('writeThrough over a plain tier', () => {
  const plain = (): Store & { readonly entries: Map<string, Entry>; readonly reading: LoaderGate; fails: boolean } => {
    const entries = new Map<string, Entry>()
    return {
      name: 'plain',
      entries,
      reading: gate(),
      fails: false,
      async get(key) {
        const entry = entries.get(key)
        if (entry?.value === 'old') await this.reading.pass()
        return entry
      },
      set(key, entry) {
        if (this.fails) throw new Error('full')
        entries.set(key, entry)
      },
      delete: (keys) => keys.forEach((key) => entries.delete(key)),
    }
  }

  it('what is being read from it meanwhile is not kept', async () => {
    const store = plain()
    await using cache = createCache({ tiers: [memory({ maxEntries: 1, policy: 'lru' }), tier(store)] })
    const c = over(cache, new Source())
    await c.get('k')
    await rest()
    await cache.set('takes the place of k', 1)
    const reading = c.get('k')
    await store.reading.reached
    await c.set('k', 'new')
    await cache.set('takes the place of k again', 1)
    store.reading.open()
    await reading
    expect(c.getSync('k')).toBe(undefined)
    expect(await c.get('k')).toBe('new')
  })

  it('one that cannot store the value is not believed for the one before', async () => {
    const store = plain()
    store.reading.open()
    await using cache = createCache({ tiers: [memory({ maxEntries: 1, policy: 'lru' }), tier(store)] })
    const c = over(cache, new Source())
    await c.get('k')
    store.fails = true
    await c.set('k', 'new')
    await cache.set('takes the place of k', 1)
    expect(await c.get('k')).toBe('new')
    expect(cache.stats().tiers['plain']?.error).toBeGreaterThan(0)
  })
})

describe('writeThrough when the shared tier fails', () => {
  it.each(['is away', 'loses the answer', 'refuses'])('%s: the source is written, nothing older is served, and the others hear of it', async (how) => {
    await using town = new Town()
    const source = new Source()
    const [a, b] = await two(town, source)
    const { faults } = town.backend
    if (how === 'is away') faults.down()
    if (how === 'loses the answer') faults.loseReply('writeLeased')
    if (how === 'refuses') faults.refuse('writeLeased')
    await a.set('k', 'new')
    expect(source.rows.get('k')).toBe('new')
    expect(await a.get('k')).toBe('new')
    faults.up()
    await town.clock.advance(2_000)
    expect(await b.get('k')).toBe('new')
    expect(await a.get('k')).toBe('new')
  })

  it('a value that cannot be stored is told of, and the key is invalidated', async () => {
    await using town = new Town()
    const cache = await town.process()
    const corrupt = heard(cache, 'corrupt')
    const c = cache.collection('c', { load: (): unknown => 'old', write: () => () => 'a function' })
    await c.get('k')
    await c.set('k', 'new')
    expect(corrupt.length).toBe(1)
    expect(c.getSync('k')).toBe(undefined)
  })

  it('options of the writer that are wrong reach the caller, and the key is invalidated', async () => {
    await using cache = createCache()
    const source = new Source()
    const c = over(cache, source, { write: (_key, value) => entry(value, { ttl: 'soon' as never }) })
    await c.get('k')
    await expect(c.set('k', 'new')).rejects.toThrow('ttl must be')
    expect(c.getSync('k')).toBe(undefined)
  })
})

describe('writeAround', () => {
  it('writes the source, then invalidates; a source that fails changes nothing', async () => {
    await using town = new Town()
    const source = new Source()
    const [a, b] = await two(town, source, { writeStrategy: writeAround() })
    await a.set('k', 'new')
    await rest()
    expect([a.getSync('k'), b.getSync('k')]).toEqual([undefined, undefined])
    expect(await b.get('k')).toBe('new')
    expect(source.calls).toEqual(['write new', 'load k'])
    await a.delete('k')
    await rest()
    expect(b.getSync('k')).toBe(undefined)
    const failing = over(await town.process(), source, { writeStrategy: writeAround(), write: () => { throw new Error('failed') } })
    source.rows.set('k', 'stays')
    await failing.get('k')
    await expect(failing.set('k', 'x')).rejects.toThrow('failed')
    expect(failing.getSync('k')).toBe('stays')
  })
})
