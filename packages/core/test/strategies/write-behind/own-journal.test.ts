import { type Change, ClosedError, type Journal, type JournalEntry, writeBehind } from '@stratacache/core'
import { gate, rest } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { Town } from '../../scenarios/town.ts'
import { world } from './world.ts'

describe('with a journal of your own', () => {
  /** In memory, as one that another process left behind. */
  class Notes implements Journal {
    readonly entries = new Map<string, JournalEntry>()
    isFull = false
    #last = 0

    async replay(): Promise<readonly JournalEntry[]> {
      return [...this.entries.values()]
    }
    async append(_collection: string, _keyText: string, change: Change<unknown, unknown>): Promise<string> {
      if (this.isFull) throw new Error('the disk is full')
      const id = String(++this.#last)
      this.entries.set(id, { id, change })
      return id
    }
    async done(_collection: string, ids: readonly string[]): Promise<void> {
      for (const id of ids) this.entries.delete(id)
    }
    async close(): Promise<void> {}
  }

  it('a change is accepted when it is in the journal, and leaves it when the source has it', async () => {
    const journal = new Notes()
    await using w = world({ journal })
    await w.scores.set('a', 1)
    await w.scores.set('a', 2)
    expect(journal.entries.size).toBe(2)
    await w.clock.advance(100)
    expect([w.source.batches, journal.entries.size]).toEqual([[['a=2']], 0])
  })

  it('a key that changes all the time while the source is down does not fill it', async () => {
    const journal = new Notes()
    await using w = world({ journal })
    w.source.isDown = true
    for (let value = 0; value < 2_000; value++) await w.scores.set('hot', value)
    expect(journal.entries.size).toBeLessThan(300)
    w.source.isDown = false
    await w.scores.flush()
    expect([w.source.rows.get('hot'), journal.entries.size]).toEqual([1_999, 0])
  })

  it('what cannot be written down is refused, and changes nothing', async () => {
    const journal = new Notes()
    await using w = world({ journal })
    await w.scores.set('a', 1)
    journal.isFull = true
    await expect(w.scores.set('a', 2)).rejects.toThrow('the disk is full')
    expect(w.scores.getSync('a')).toBe(1)
    await w.clock.advance(100)
    expect(w.source.rows.get('a')).toBe(1)
  })

  it('what the cache refuses is taken out of it again', async () => {
    await using town = new Town()
    const journal = new Notes()
    const written: unknown[] = []
    const c = (await town.process()).collection('c', { load: (_key: string): unknown => 1, writeMany: (changes) => void written.push(changes), writeStrategy: writeBehind({ journal }) })
    await expect(c.set('k', () => 1)).rejects.toThrow('a function')
    expect(journal.entries.size).toBe(0)
    await town.clock.advance(1_000)
    expect(written).toEqual([])
  })

  it('what it holds is written first, and is what is read', async () => {
    const journal = new Notes()
    for (const value of [1, 2]) await journal.append('scores', 'scores:a', { type: 'set', key: 'a', value })
    await using w = world({ journal })
    await rest()
    expect(await w.scores.get('a')).toBe(2)
    await w.clock.advance(0)
    expect([w.source.batches, journal.entries.size]).toEqual([[['a=2']], 0])
  })

  it('closing leaves in it what the source has not taken', async () => {
    const journal = new Notes()
    const w = world({ journal, drain: '1s' })
    w.source.isDown = true
    const warnings: unknown[] = []
    const listen = (warning: Error): unknown => warnings.push(warning.message)
    process.on('warning', listen)
    await w.scores.set('a', 1)
    await w.close()
    await rest()
    process.off('warning', listen)
    expect([journal.entries.size, warnings]).toEqual([1, []])
    // It is over: what is left waits for the next process.
    const attempts = w.source.batches.length
    await w.clock.advance(60_000)
    expect(w.source.batches.length).toBe(attempts)
  })

  it('a change that waits for it when the cache is closed is not accepted', async () => {
    const { pass, reached, open } = gate()
    const journal = new Notes()
    journal.replay = async () => pass().then(() => [])
    const w = world({ journal })
    const waiting = expect(w.scores.set('a', 1)).rejects.toThrow(ClosedError)
    await reached
    await w.close()
    open()
    await waiting
    expect(journal.entries.size).toBe(0)
  })

  it('one that cannot be read refuses changes, not reads', async () => {
    const journal = new Notes()
    journal.replay = async () => { throw new Error('unreadable') }
    await using w = world({ journal })
    await expect(w.scores.set('a', 1)).rejects.toThrow('unreadable')
    await expect(w.scores.flush()).rejects.toThrow('unreadable')
    expect(await w.scores.get('a')).toBe(undefined)
  })
})
