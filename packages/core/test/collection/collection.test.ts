import { ClosedError, ConfigError, createCache, entry, type LoadContext, memory } from '@stratacache/core'
import { describe, expect, it } from 'vitest'
import { Town } from '../scenarios/town.ts'

interface User {
  readonly id: number
  readonly name: string
}

/** A source that counts what it is asked. */
class Users {
  readonly rows = new Map<number, User>([1, 2, 3].map((id) => [id, { id, name: `user ${id}` }]))
  readonly calls: (readonly number[])[] = []

  readonly find = (id: number): User | undefined => {
    this.calls.push([id])
    return this.rows.get(id)
  }
  readonly findMany = async (ids: readonly number[]): Promise<(User | undefined)[]> => {
    this.calls.push(ids)
    return ids.map((id) => this.rows.get(id))
  }
}

describe('reading', () => {
  it('loads what no tier has, and asks the source once', async () => {
    await using cache = createCache()
    const source = new Users()
    const users = cache.collection('users', { load: source.find })
    expect(await users.get(1)).toEqual({ id: 1, name: 'user 1' })
    expect(await users.get(1)).toEqual({ id: 1, name: 'user 1' })
    expect(users.getSync(1)).toEqual({ id: 1, name: 'user 1' })
    expect(users.getSync(2)).toBe(undefined)
    expect(await users.get(9)).toBe(undefined)
    expect(source.calls).toEqual([[1], [9]])
  })

  it('batches the loads of one turn, answers in order, and asks for each key once', async () => {
    await using cache = createCache()
    const source = new Users()
    const users = cache.collection('users', { loadMany: source.findMany })
    const [many, one, again] = await Promise.all([users.getMany([3, 9, 1]), users.get(2), users.get(3)])
    expect(many.map((user) => user?.name)).toEqual(['user 3', undefined, 'user 1'])
    expect([one?.id, again?.id]).toEqual([2, 3])
    expect(source.calls).toEqual([[3, 9, 1, 2]])
    expect((await users.getMany([1, 2, 3])).map((user) => user?.id)).toEqual([1, 2, 3])
    expect(source.calls.length).toBe(1)
  })

  it('loads a key that is wanted alone with load, where there is one, and no more than maxBatch at once', async () => {
    await using cache = createCache()
    const source = new Users()
    const users = cache.collection('users', { load: source.find, loadMany: source.findMany, maxBatch: 2 })
    await users.get(1)
    await users.getMany([2, 3, 4])
    expect(source.calls).toEqual([[1], [2, 3], [4]])
  })

  it('takes values from a Map, also under keys that are arrays', async () => {
    await using cache = createCache()
    const cells = cache.collection('cells', {
      loadMany: (keys: readonly (readonly [number, number])[]) => new Map(keys.filter(([x]) => x > 0).map(([x, y]) => [[x, y] as const, x * y])),
    })
    expect(await cells.getMany([[2, 3], [0, 5], [4, 5]])).toEqual([6, undefined, 20])
    expect(await cache.get(['cells', 4, 5])).toBe(20)
  })

  it('fails the keys that the loader has an Error for, and no other', async () => {
    await using cache = createCache()
    const broken = new Error('row 2 is broken')
    const users = cache.collection('users', { loadMany: (ids: readonly number[]) => ids.map((id) => (id === 2 ? broken : `user ${id}`)) })
    const ids = [1, 2, 3]
    const outcomes = await Promise.allSettled(ids.map((id) => users.get(id)))
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 'user 1' },
      { status: 'rejected', reason: broken },
      { status: 'fulfilled', value: 'user 3' },
    ])
    expect(users.getSync(3)).toBe('user 3')
    await expect(users.getMany(ids)).rejects.toBe(broken)
  })

  it('fails all keys of a batch whose loader throws or answers with another number of values', async () => {
    await using cache = createCache()
    const answers: (() => string[])[] = [() => { throw new RangeError('away') }, () => ['only one']]
    const users = cache.collection('users', { loadMany: (_ids: readonly number[]) => answers.shift()!() })
    await expect(Promise.allSettled([users.get(1), users.get(2)])).resolves.toMatchObject([{ reason: { message: 'away' } }, { reason: { message: 'away' } }])
    await expect(users.getMany([1, 2])).rejects.toThrow('an array of 2 values')
  })

  it('one load per key over all processes, batched in each', async () => {
    await using town = new Town()
    const source = new Users()
    const [a, b] = [await town.process(), await town.process()].map((cache) => cache.collection('users', { loadMany: source.findMany }))
    const [first, second] = [a!.getMany([1, 2]), b!.getMany([2, 3])]
    await town.clock.advance(100)
    expect((await first).map((user) => user?.id)).toEqual([1, 2])
    expect((await second).map((user) => user?.id)).toEqual([2, 3])
    expect(source.calls.flat().toSorted((x, y) => x - y)).toEqual([1, 2, 3])
  })

  it('the options of a collection come before those of the cache, those of the loader before both', async () => {
    await using town = new Town()
    const cache = await town.process({ ttl: '1h' })
    const numbers = cache.collection('numbers', { load: (key: string) => (key === 'short' ? entry(1, { ttl: '1s' }) : 2), ttl: '1m' })
    await numbers.get('short')
    await numbers.get('long')
    await town.clock.advance(2_000)
    expect([numbers.getSync('short'), numbers.getSync('long')]).toEqual([undefined, 2])
    await town.clock.advance(60_000)
    expect(numbers.getSync('long')).toBe(undefined)
  })

  it('the tags of a value and of the collection invalidate it', async () => {
    await using cache = createCache()
    const source = new Users()
    const users = cache.collection('users', { load: source.find, tags: (user: User) => [user.name] })
    const all = cache.collection('all', { load: source.find, tags: ['all'] })
    await users.getMany([1, 2])
    await all.get(1)
    await cache.invalidateTags('user 1', 'all')
    expect([users.getSync(1), users.getSync(2)?.id, all.getSync(1)]).toEqual([undefined, 2, undefined])
  })

  it('keys: any value has a stable one, parts are escaped, and key names it', async () => {
    await using cache = createCache()
    const seen: string[] = []
    const load = (_key: unknown, { key }: LoadContext<number | undefined>): number => seen.push(key)
    const plain = cache.collection<unknown, number>('a:b', { load })
    for (const key of ['x', 'x:y', 7, 7n, true, ['x', 'y'], { b: 1, a: 2 }, { a: 2, b: 1 }, null]) await plain.get(key)
    expect(seen).toEqual(['a%3Ab:x', 'a%3Ab:x%3Ay', 'a%3Ab:7', 'a%3Ab:true', 'a%3Ab:x:y', 'a%3Ab:{"a":2,"b":1}', 'a%3Ab:null'])
    const named = cache.collection('named', { load: (user: User) => user.name, key: ({ id }) => ['id', id] })
    await named.get({ id: 7, name: 'Ada' })
    expect(await cache.get('named:id:7')).toBe('Ada')
    await expect(plain.get(Number.NaN)).rejects.toThrow(ConfigError)
  })

  it('refresh loads what is cached, invalidate makes it gone', async () => {
    await using cache = createCache()
    const source = new Users()
    const users = cache.collection('users', { load: source.find })
    await users.get(1)
    source.rows.set(1, { id: 1, name: 'new' })
    expect((await users.refresh(1))?.name).toBe('new')
    expect((await users.get(1))?.name).toBe('new')
    expect((await users.invalidate(1, 2)).status).toBe('applied')
    expect(users.getSync(1)).toBe(undefined)
  })
})

describe('without a writer', () => {
  it('set and delete concern the cache alone', async () => {
    await using cache = createCache()
    const source = new Users()
    const users = cache.collection('users', { load: source.find, tags: (user: User) => [user.name] })
    const all = cache.collection('all', { load: source.find, tags: ['all'] })
    for (const [tag, collection] of [['cached', users], ['extra', users], ['all', all], ['extra', all]] as const) {
      await collection.set(1, { id: 1, name: 'cached' }, { tags: ['extra'] })
      expect((await collection.get(1))?.name).toBe('cached')
      await cache.invalidateTags(tag)
      expect((await collection.get(1))?.name).toBe('user 1')
    }
    await users.delete(1)
    expect(users.getSync(1)).toBe(undefined)
    await users.flush()
    expect(source.rows.get(1)?.name).toBe('user 1')
  })
})

describe('bad input', () => {
  it('names the collection, the option, the rule and the value, all at once', () => {
    const cache = createCache()
    const bad = { loadd: () => 1, write: 7, maxBatch: 0, writeStrategy: {}, readStrategy: 'x' } as never
    expect(() => cache.collection('users', bad)).toThrow(ConfigError)
    expect(() => cache.collection('users', bad)).toThrow(
      /collection 'users': loadd must be one of .*; collection 'users': write must be a function, got 7; .*load must be given, or loadMany, got undefined; .*maxBatch must be an integer >= 1, got 0; .*writeStrategy must be a WriteStrategy.*readStrategy/,
    )
    expect(() => cache.collection('', { load: () => 1 })).toThrow('name must be a non-empty string')
  })

  it('options of loads are checked when the collection is made', () => {
    expect(() => createCache().collection('users', { load: () => 1, ttl: 'soon' as never, tags: [1] as never })).toThrow(/ttl must be .*; tags must be/)
  })

  it('refuses undefined, changes that the source has no writer for, and changes after close', async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 10 })] })
    const users = cache.collection('users', { load: () => 'x', write: (_key: number, _value: string) => {} })
    await expect(users.set(1, undefined as never)).rejects.toThrow('value must be defined: delete removes')
    await expect(users.delete(1)).rejects.toThrow("collection 'users': remove must be given, or writeMany, for delete")
    const gone = cache.collection('gone', { load: () => 'x', remove: () => {} })
    await expect(gone.set(1, 'y')).rejects.toThrow("collection 'gone': write must be given, or writeMany, for set")
    await cache.close()
    await expect(users.set(1, 'late')).rejects.toThrow(ClosedError)
    await expect(users.get(1)).rejects.toThrow(ClosedError)
  })
})
