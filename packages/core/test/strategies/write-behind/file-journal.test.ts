import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCache, writeBehind } from '@stratacache/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../../testing/manual-clock.ts'
import type { Change } from '../../../src/change.ts'
import { ConfigError } from '../../../src/error.ts'
import { FileJournal } from '../../../src/strategies/write-behind/file-journal.ts'
import { contentsOf, frameOf, HEADER } from '../../../src/strategies/write-behind/journal-format.ts'

let folder: string
let path: string
const opened: FileJournal[] = []
const warnings: string[] = []
const listen = (warning: Error): unknown => warnings.push(warning.message)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stratacache-journal-'))
  path = join(folder, 'journal')
  process.on('warning', listen)
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close().catch(() => {})))
  process.off('warning', listen)
  warnings.length = 0
  rmSync(folder, { recursive: true })
})

async function open(fsync: 'always' | 'never' | number = 'never', clock = manualClock()): Promise<FileJournal> {
  const journal = await FileJournal.open(path, fsync, clock)
  opened.push(journal)
  return journal
}

const set = (key: unknown, value: unknown): Change<unknown, unknown> => ({ type: 'set', key, value })
const values = (entries: readonly { readonly change: Change<unknown, unknown> }[]): unknown[] => entries.map(({ change }) => (change as { value: unknown }).value)

describe('a journal in a file', () => {
  it('brings back what was not done, in order, each collection its own, each once', async () => {
    const first = await open()
    const ids: string[] = []
    for (const value of [1, new Map([['m', 2n]]), new Date(3)]) ids.push(await first.append('a', 'k', set({ id: 1 }, value)))
    await first.append('b', 'k', { type: 'remove', key: 'gone' })
    await first.append('b', 'k', { type: 'set', key: 'k', value: 1, options: { ttl: '1m', tags: ['t'] } })
    await first.done('a', [ids[1]!])
    await first.close()
    const second = await open()
    const replayed = await second.replay('a')
    expect(values(replayed)).toEqual([1, new Date(3)])
    expect(replayed[0]!.change.key).toEqual({ id: 1 })
    expect(await second.replay('a')).toEqual([])
    expect((await second.replay('b')).map(({ change }) => change)).toEqual([
      { type: 'remove', key: 'gone' },
      { type: 'set', key: 'k', value: 1, options: { ttl: '1m', tags: ['t'] } },
    ])
    // Numbers go on where they ended: what is new is not taken for what is old.
    const next = await second.append('a', 'k', set('n', 9))
    expect(ids).not.toContain(next)
    await second.done('a', replayed.map(({ id }) => id))
    await second.close()
    expect(values(await (await open()).replay('a'))).toEqual([9])
  })

  it.each(['always', 'never', 50] as const)('fsync %s: what comes together is written together', async (fsync) => {
    const clock = manualClock()
    const journal = await open(fsync, clock)
    const ids = await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append('a', 'k', set(index, index))))
    expect(new Set(ids).size).toBe(500)
    await clock.advance(100)
    await journal.close()
    expect((await (await open()).replay('a')).length).toBe(500)
  })

  it('refuses a value that it could not bring back, and goes on', async () => {
    const journal = await open()
    await expect(journal.append('a', 'k', set('k', () => 1))).rejects.toThrow('a function')
    await journal.append('a', 'k', set('k', 1))
    await journal.close()
    expect(values(await (await open()).replay('a'))).toEqual([1])
  })

  it('wherever the end of the machine cuts it, what is before stands', async () => {
    const frames = [1, 2, 3].map((value) => frameOf({ kind: 'change', id: String(value), collection: 'a', change: set('k', value) }))
    const whole = Buffer.concat([HEADER, ...frames])
    const ends = [0, 1, 2, 3].map((count) => HEADER.length + frames.slice(0, count).reduce((sum, frame) => sum + frame.length, 0))
    for (let cut = 0; cut <= whole.length; cut++) {
      const expected = ends.filter((end) => end <= cut).length - 1
      for (const tail of [Buffer.alloc(0), Buffer.alloc(40)]) {
        const { frames: read, length, rest } = contentsOf(Buffer.concat([whole.subarray(0, cut), tail]))
        if (tail.length > 0 && cut < HEADER.length) continue
        expect(read.length).toBe(Math.max(0, expected))
        if (tail.length === 0) expect(rest).toBe(ends.includes(cut) || cut === 0 ? 'none' : 'torn')
        expect(length).toBe(cut < HEADER.length ? 0 : ends[Math.max(0, expected)])
      }
    }
    writeFileSync(path, whole.subarray(0, whole.length - 3))
    const journal = await open()
    await journal.append('a', 'k', set('k', 4))
    await journal.close()
    expect(values(await (await open()).replay('a'))).toEqual([1, 2, 4])
    expect(warnings).toEqual([])
  })

  it('of a damaged file what can be read is used, and a copy kept', async () => {
    const journal = await open()
    for (const value of [1, 2, 3]) await journal.append('a', 'k', set('k', value))
    await journal.close()
    const bytes = readFileSync(path)
    bytes[bytes.length - 60]! ^= 1
    bytes[HEADER.length + 80]! ^= 1
    writeFileSync(path, bytes)
    const again = await open()
    expect(values(await again.replay('a')).length).toBeLessThan(3)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([expect.stringContaining('is damaged')])
    const copy = readdirSync(folder).find((name) => name.includes('damaged'))!
    expect(readFileSync(join(folder, copy))).toEqual(bytes)
  })

  it('a file of something else is kept aside', async () => {
    writeFileSync(path, 'a letter to my grandmother, which is longer than a header')
    await (await open()).append('a', 'k', set('k', 1))
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true)
  })

  it('is written anew when it is mostly done, with what is not', async () => {
    const journal = await open()
    const large = 'x'.repeat(100_000)
    await journal.append('a', 'stays', set('stays', large))
    for (let round = 0; round < 30; round++) await journal.done('a', [await journal.append('a', 'k', set('k', large))])
    expect(statSync(path).size).toBeLessThan(1_500_000)
    await journal.append('a', 'last', set('last', 'last'))
    await journal.close()
    expect(readdirSync(folder)).toEqual(['journal'])
    expect(values(await (await open()).replay('a'))).toEqual([large, 'last'])
  })

  it('what cannot be written is not acknowledged', async () => {
    const journal = await open()
    await journal.append('a', 'k', set('k', 1))
    await journal.close()
    await expect(journal.append('a', 'k', set('k', 2))).rejects.toThrow('closed')
    await expect(FileJournal.open(join(folder, 'missing', 'journal'), 'never', manualClock())).rejects.toThrow('ENOENT')
  })
})

describe('a cache', () => {
  it('that is closed leaves neither the lock nor a listener behind', async () => {
    const before = process.listenerCount('SIGTERM')
    const cache = createCache()
    const written: unknown[] = []
    const c = cache.collection('c', { load: (_key: string): number => 0, writeMany: (changes) => void written.push(...changes), writeStrategy: writeBehind({ journal: { path } }) })
    await c.set('k', 1)
    expect(process.listenerCount('SIGTERM')).toBe(before + 1)
    expect(readdirSync(folder)).toEqual(['journal', 'journal.lock'])
    await cache.close()
    expect([process.listenerCount('SIGTERM'), readdirSync(folder), written.length]).toEqual([before, ['journal'], 1])
  })
})

describe('a journal that cannot be opened', () => {
  it('refuses changes until it can', async () => {
    const late = join(folder, 'made later', 'journal')
    await using cache = createCache()
    const c = cache.collection('c', { load: (_key: string): number => 0, writeMany: () => {}, writeStrategy: writeBehind({ journal: { path: late } }) })
    await expect(c.set('k', 1)).rejects.toThrow('ENOENT')
    mkdirSync(join(folder, 'made later'))
    await c.set('k', 1)
    expect(readdirSync(join(folder, 'made later'))).toContain('journal')
  })
})

describe('its lock', () => {
  it('keeps out a second user in this process, and lets in the next', async () => {
    const journal = await open()
    await expect(FileJournal.open(path, 'never', manualClock())).rejects.toThrow(ConfigError)
    await expect(FileJournal.open(path, 'never', manualClock())).rejects.toThrow(`a file that no other process uses, got "${path}"`.slice(0, 60))
    await journal.close()
    await (await open()).close()
    expect(readdirSync(folder)).toEqual(['journal'])
  })

  it('of a process that has ended is taken away, and of one before us with our number', async () => {
    for (const pid of [4_194_305, process.pid, 0]) {
      writeFileSync(`${path}.lock`, `${pid} ${hostname()}`)
      await (await open()).close()
    }
  })

  it('of a process that shows that it lives is respected', async () => {
    // On another host it may well have our number.
    const parent = `${process.pid} another-host`
    writeFileSync(`${path}.lock`, parent)
    const beat = setInterval(() => utimesSync(`${path}.lock`, new Date(), new Date()), 20)
    await expect(open()).rejects.toThrow(ConfigError)
    clearInterval(beat)
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(parent)
    rmSync(`${path}.lock`)
    await open()
  })
})
