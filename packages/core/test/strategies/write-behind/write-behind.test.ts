import { ClosedError, ConfigError, createCache, type DeadLetter, type Journal, writeBehind } from '@stratacache/core'
import { gate, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { heard, Town } from '../../scenarios/town.ts'
import { type Changes, Source, world } from './world.ts'

describe('writeBehind', () => {
  it('answers at once from the cache, and writes what came within the delay in one batch', async () => {
    await using w = world({ delay: '200ms' })
    await w.scores.set('a', 1)
    await w.clock.advance(150)
    await w.scores.set('b', 2)
    expect([w.scores.getSync('a'), await w.scores.get('b')]).toEqual([1, 2])
    expect(w.source.batches).toEqual([])
    await w.clock.advance(50)
    expect(w.source.batches).toEqual([['a=1']])
    await w.clock.advance(150)
    expect(w.source.batches).toEqual([['a=1'], ['b=2']])
    expect([w.scores.getSync('a'), w.scores.getSync('b')]).toEqual([1, 2])
    expect(w.load).not.toHaveBeenCalled()
  })

  it('writes the last of several changes of a key, in the order in which the keys came', async () => {
    await using w = world()
    for (const [key, value] of [['a', 1], ['b', 1], ['a', 2], ['a', 3]] as const) await w.scores.set(key, value)
    await w.scores.delete('b')
    await w.clock.advance(100)
    expect(w.source.batches).toEqual([['a=3', '-b']])
  })

  it('a full batch does not wait, and none is larger than maxBatch', async () => {
    await using w = world({ maxBatch: 3, delay: '1h' })
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key, index) => w.scores.set(key, index)))
    await w.clock.advance(0)
    expect(w.source.batches).toEqual([['a=0', 'b=1', 'c=2'], ['d=3', 'e=4', 'f=5']])
    await w.scores.flush()
    expect(w.source.batches[2]).toEqual(['g=6'])
  })

  it('reads are answered from the queue, whatever the cache has', async () => {
    await using w = world({ delay: '1h' })
    w.source.rows.set('a', 1).set('b', 1)
    await w.scores.get('b')
    await w.scores.set('a', 2)
    await w.scores.delete('b')
    await w.cache.clear()
    expect(await w.scores.getMany(['a', 'b'])).toEqual([2, undefined])
    expect([w.scores.getSync('a'), w.scores.getSync('b')]).toEqual([2, undefined])
    await w.scores.flush()
    expect(await w.scores.getMany(['a', 'b'])).toEqual([2, undefined])
    expect(w.source.rows).toEqual(new Map([['a', 2]]))
  })

  it('a change that comes while its key is being written waits for its own turn, and is what is read meanwhile', async () => {
    const { pass, reached, open } = gate()
    const taken: number[] = []
    await using w = world({}, { writeMany: async ([change]: Changes) => { taken.push((change as { value: number }).value); await pass() } })
    await w.scores.set('a', 1)
    void w.clock.advance(100)
    await reached
    await w.scores.set('a', 2)
    expect(w.scores.getSync('a')).toBe(2)
    await w.clock.advance(1_000)
    expect(taken).toEqual([1])
    open()
    await w.clock.advance(100)
    expect(taken).toEqual([1, 2])
    expect(await w.scores.get('a')).toBe(2)
  })

  it('without writeMany the changes of a batch go one by one, and each for itself', async () => {
    const calls: string[] = []
    const write = (key: string, value: number): void => {
      if (key === 'bad' && calls.push('bad')) throw new Error('no')
      calls.push(`${key}=${value}`)
    }
    await using w = world({ retry: { backoff: '1h', maxBackoff: '1h' } }, { writeMany: undefined, write, remove: (key) => void calls.push(`-${key}`) })
    await w.scores.set('a', 1)
    await w.scores.set('bad', 1)
    await w.scores.delete('c')
    await w.clock.advance(100)
    expect(calls).toEqual(['a=1', 'bad', '-c'])
  })
})

describe('when the source fails', () => {
  it('tries again after pauses that double, up to the longest', async () => {
    await using w = world({ retry: { backoff: '100ms', maxBackoff: '400ms' } })
    w.source.isDown = true
    const errors = heard(w.cache, 'writeError')
    await w.scores.set('a', 1)
    const times: number[] = []
    for (let ms = 0; ms <= 2_000; ms += 50) {
      const before = w.source.batches.length
      await w.clock.advance(ms === 0 ? 0 : 50)
      if (w.source.batches.length > before) times.push(ms)
    }
    expect(times).toEqual([100, 200, 400, 800, 1_200, 1_600, 2_000])
    expect(errors.length).toBe(7)
    expect(errors[6]).toMatchObject({ collection: 'scores', key: 'scores:a', attempts: 7, error: new Error('down') })
    w.source.isDown = false
    await w.clock.advance(400)
    expect(w.source.rows.get('a')).toBe(1)
    expect(await w.scores.get('a')).toBe(1)
  })

  it('spreads the pauses by half', async () => {
    await using w = world({ retry: { backoff: '100ms' } }, {}, () => 0)
    w.source.isDown = true
    await w.scores.set('a', 1)
    await w.clock.advance(149)
    expect(w.source.batches.length).toBe(1)
    await w.clock.advance(1)
    expect(w.source.batches.length).toBe(2)
  })

  it('a bad change does not hold up the rest, and is buried when it failed alone too often', async () => {
    const letters: DeadLetter[] = []
    await using w = world({ maxBatch: 4, retry: { attempts: 4, backoff: '100ms' }, deadLetter: (letter) => void letters.push(letter) })
    w.source.poison.add('bad')
    w.source.rows.set('bad', 7)
    for (const key of ['a', 'bad', 'c', 'd']) await w.scores.set(key, 1)
    await w.clock.advance(0)
    expect(w.source.rows.size).toBe(1)
    await w.clock.advance(100)
    expect([...w.source.rows.keys()]).toEqual(['bad', 'c', 'd'])
    await w.clock.advance(200)
    expect([...w.source.rows.keys()]).toEqual(['bad', 'c', 'd', 'a'])
    await w.clock.advance(400)
    expect(letters).toEqual([{ collection: 'scores', change: expect.objectContaining({ key: 'bad', value: 1 }), error: new RangeError('cannot take bad'), attempts: 4 }])
    // What the source has is what is read now.
    expect(await w.scores.get('bad')).toBe(7)
    await w.scores.flush()
  })

  it('nothing is buried for the company it was in', async () => {
    const letters: DeadLetter[] = []
    await using w = world({ retry: { attempts: 1, backoff: '100ms' }, deadLetter: (letter) => void letters.push(letter) })
    w.source.poison.add('bad')
    await Promise.all(['good', 'bad'].map((key) => w.scores.set(key, 1)))
    await w.clock.advance(60_000)
    expect(letters.map(({ change }) => change.key)).toEqual(['bad'])
    expect([...w.source.rows.keys()]).toEqual(['good'])
  })

  it('what comes later passes it by', async () => {
    await using w = world({ retry: { backoff: '1h', maxBackoff: '1h' } })
    w.source.poison.add('bad')
    await w.scores.set('bad', 1)
    await w.clock.advance(100)
    await w.scores.set('good', 1)
    await w.clock.advance(100)
    expect(w.source.rows.get('good')).toBe(1)
    expect(w.source.batches).toEqual([['bad=1'], ['good=1']])
    expect(w.scores.getSync('bad')).toBe(1)
  })

  it('a newer change takes the place of one that failed', async () => {
    await using w = world({ retry: { backoff: '1s' } })
    w.source.isDown = true
    await w.scores.set('a', 1)
    await w.clock.advance(100)
    await w.scores.set('a', 2)
    w.source.isDown = false
    await w.clock.advance(2_000)
    expect(w.source.batches).toEqual([['a=1'], ['a=2']])
    expect(w.source.rows.get('a')).toBe(2)
  })

  it('a letter that is not taken is kept', async () => {
    let isFull = true
    const take = (): void => {
      if (isFull) throw new Error('full')
    }
    await using w = world({ retry: { attempts: 1, backoff: '100ms', maxBackoff: '100ms' }, deadLetter: take })
    w.source.poison.add('a')
    await w.scores.set('a', 1)
    await w.clock.advance(300)
    expect(w.scores.getSync('a')).toBe(1)
    isFull = false
    await w.clock.advance(300)
    expect(w.scores.getSync('a')).toBe(undefined)
  })

  it('without deadLetter nothing is given up', async () => {
    await using w = world({ retry: { attempts: 2, backoff: '1s', maxBackoff: '1s' } })
    w.source.isDown = true
    await w.scores.set('a', 1)
    await w.clock.advance(60_000)
    expect(w.source.batches.length).toBeGreaterThan(50)
    w.source.isDown = false
    await w.clock.advance(1_000)
    expect(w.source.rows.get('a')).toBe(1)
  })

  it('flush tells what failed, whichever of the changes it was', async () => {
    await using w = world({ maxBatch: 1, delay: '1h', retry: { backoff: '1h', maxBackoff: '1h' } })
    w.source.poison.add('a')
    await Promise.all(['a', 'b', 'c'].map((key) => w.scores.set(key, 1)))
    await expect(w.scores.flush()).rejects.toThrow('cannot take a')
  })

  it('flush tells what failed, and the change stays', async () => {
    await using w = world({ retry: { backoff: '1h', maxBackoff: '1h' } })
    w.source.isDown = true
    await w.scores.set('a', 1)
    await expect(w.scores.flush()).rejects.toThrow('down')
    await expect(w.scores.flush()).rejects.toThrow('down')
    w.source.isDown = false
    await w.scores.flush()
    expect(w.source.rows.get('a')).toBe(1)
    await w.scores.flush()
    expect(w.source.batches.length).toBe(3)
  })
})

describe('a full queue', () => {
  it('lets changes wait, in their order, and loses none; changes of keys that wait need no room', async () => {
    await using w = world({ maxQueue: 2, maxBatch: 1, delay: '100ms' })
    w.source.isDown = true
    await w.scores.set('a', 1)
    await w.scores.set('b', 1)
    const accepted: string[] = []
    const waiting = ['c', 'd'].map((key) => w.scores.set(key, 1).then(() => accepted.push(key)))
    await w.scores.set('a', 2)
    await rest()
    expect(accepted).toEqual([])
    w.source.isDown = false
    await w.clock.advance(5_000)
    await Promise.all(waiting)
    expect(accepted).toEqual(['c', 'd'])
    await w.clock.advance(5_000)
    expect(w.source.rows).toEqual(new Map([['a', 2], ['b', 1], ['c', 1], ['d', 1]]))
  })

  it('closing tells those who wait that they were not accepted', async () => {
    const w = world({ maxQueue: 1 })
    w.source.isDown = true
    await w.scores.set('a', 1)
    const waiting = expect(w.scores.set('b', 1)).rejects.toThrow(ClosedError)
    await rest()
    w.source.isDown = false
    await w.close()
    await waiting
    expect([...w.source.rows]).toEqual([['a', 1]])
  })
})

describe('closing', () => {
  it('empties the queue, trying again what fails, and takes nothing any more', async () => {
    const w = world({ delay: '1h', retry: { backoff: '100ms' } })
    w.source.isDown = true
    await w.scores.set('a', 1)
    const closing = w.cache.close()
    await w.clock.advance(1_000)
    await expect(w.scores.set('b', 1)).rejects.toThrow(ClosedError)
    w.source.isDown = false
    await w.clock.advance(1_000)
    await closing
    expect([...w.source.rows]).toEqual([['a', 1]])
  })

  it('waits for what is being accepted', async () => {
    const { pass, reached, open } = gate()
    const journal: Journal = { replay: async () => [], append: async () => pass().then(() => '1'), done: async () => {}, close: async () => {} }
    const w = world({ journal })
    const accepting = w.scores.set('a', 1)
    await reached
    const closing = w.close()
    await rest()
    open()
    await Promise.all([accepting, closing])
    expect([...w.source.rows]).toEqual([['a', 1]])
  })

  it('gives up after drain, and says so', async () => {
    const w = world({ drain: '2s' })
    w.source.isDown = true
    const warnings: unknown[] = []
    const listen = (warning: Error): unknown => warnings.push(warning.message)
    process.on('warning', listen)
    await w.scores.set('a', 1)
    let isClosed = false
    const closing = w.cache.close().then(() => (isClosed = true))
    await w.clock.advance(1_900)
    expect(isClosed).toBe(false)
    await w.clock.advance(1_000)
    await closing
    await rest()
    process.off('warning', listen)
    expect(warnings).toEqual(["the source of collection 'scores' has not taken 1 changes, which end with the process"])
  })

  it('is the end of reading and writing, as for any collection', async () => {
    const w = world()
    await w.scores.set('a', 1)
    await w.close()
    await expect(w.scores.get('a')).rejects.toThrow(ClosedError)
    await expect(w.scores.set('a', 2)).rejects.toThrow(ClosedError)
    expect(w.scores.getSync('a')).toBe(undefined)
    await w.scores.flush()
    await w.cache.close()
  })

  it('ends also where the source hangs', async () => {
    const w = world({ drain: '1s' }, { writeMany: () => new Promise<void>(() => {}) })
    await w.scores.set('a', 1)
    await w.close()
  })
})

describe('between processes', () => {
  it('others read the new value before the source has it, and after', async () => {
    await using town = new Town()
    const source = new Source()
    const strategy = { writeStrategy: writeBehind({ delay: '1s' }) }
    const options = { load: (key: string) => source.rows.get(key), writeMany: source.writeMany }
    const a = (await town.process()).collection('scores', { ...options, ...strategy })
    const b = (await town.process()).collection('scores', options)
    source.rows.set('k', 1)
    expect(await b.get('k')).toBe(1)
    await rest()
    await a.set('k', 2)
    await rest()
    expect(await b.get('k')).toBe(2)
    await b.invalidate('k')
    // The source has the old one, and nobody else knows better.
    expect(await b.get('k')).toBe(1)
    expect(await a.get('k')).toBe(2)
    await town.clock.advance(1_000)
    await rest()
    expect(source.rows.get('k')).toBe(2)
    expect(await b.get('k')).toBe(2)
  })

  it('what another process wrote meanwhile is not hidden behind what was queued', async () => {
    await using town = new Town()
    const source = new Source()
    const options = { load: (key: string) => source.rows.get(key), writeMany: source.writeMany }
    const a = (await town.process()).collection('scores', { ...options, writeStrategy: writeBehind({ delay: '1s' }) })
    const b = (await town.process()).collection('scores', options)
    await a.set('k', 1)
    await town.clock.advance(1_000)
    await b.set('k', 2)
    await rest()
    expect(await a.get('k')).toBe(2)
  })
})

it('bad options are told all at once', () => {
  const bad = { delay: 'soon', maxBatch: 0, maxQueue: 1.5, retry: { attempts: 0, backof: 1 }, deadLetter: 7, drain: -1, journal: { pth: 'x' }, colour: 'red' } as never
  expect(() => writeBehind(bad)).toThrow(ConfigError)
  expect(() => writeBehind(bad)).toThrow(
    /colour must be one of.*retry.backof must be one of.*deadLetter must be a function.*delay must be.*maxBatch must be an integer >= 1, got 0.*maxQueue.*retry.attempts.*drain must be.*journal must be \{ path \}/,
  )
  expect(() => createCache().collection('c', { load: () => 1, writeMany: () => {}, writeStrategy: writeBehind({ journal: 'redis' }) })).toThrow(
    "writeBehind.journal must be left out, or { path }: the cache has no shared tier, got \"redis\"",
  )
})
