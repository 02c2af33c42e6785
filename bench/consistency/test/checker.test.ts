import { describe, expect, it } from 'vitest'
import { check } from '../checker/check.ts'
import type { Trial } from '../checker/judged.ts'
import { story } from '../checker/story.ts'
import type { FaultWindow } from '../checker/window.ts'
import { BY_SET, CORRUPT, decode, encode, ERROR, EVERYTHING, groupAsKey, Kind, type Line, Loading, Mark, NOTHING, Reading, Status, WIDTH } from '../history/line.ts'

/* Histories by hand, in ms. Even instances have memory; keys below 160 are invalidated, 170 is set. */

const KEY = 5
const SET_KEY = 170
/** Later than what the checker takes for the start. */
const LATER = 10_000

type Times = readonly [begin: number, end: number]
const line = (kind: number, instance: number, key: number, flag: number, version: number, [begin, end]: Times, detail = 0): Line => ({
  kind, instance, key, flag, version, begin: begin * 1e3, end: end * 1e3, detail,
})
const read = (instance: number, version: number, times: Times, { reading = Reading.get as number, key = KEY, since = 0 } = {}): Line =>
  line(Kind.read, instance, key, reading, version, times, since * 1e3)
const floor = (instance: number, version: number, times: Times, flag: number = Status.applied): Line => line(Kind.floor, instance, KEY, flag, version, times)
const set = (instance: number, version: number, times: Times, flag: number = Status.applied): Line => line(Kind.set, instance, SET_KEY, flag, version, times)
const load = (instance: number, times: Times, flag: number = Loading.ok): Line => line(Kind.load, instance, KEY, flag, 1, times)
const mark = (instance: number, flag: number, time: number): Line => line(Kind.mark, instance, 0, flag, 0, [time, time])

const trial = (lines: readonly Line[], windows: readonly FaultWindow[] = []): Trial => ({
  lines, windows, foreignMemory: 1_300, repair: 1_000, literal: true, hasMemory: (instance) => instance % 2 === 0,
})
const rules = (lines: readonly Line[], windows?: readonly FaultWindow[]): string[] => check(trial(lines, windows)).map(({ rule }) => rule)
const window = (begin: number, end: number, takesBack: boolean): FaultWindow => ({ name: 'planted', begin: begin * 1e3, end: end * 1e3, takesBack })

describe('stale', () => {
  const invalidated = floor(0, 7, [100, 110])

  it('is an older version from the shared tier, as soon as the invalidation was confirmed', () => {
    expect(rules([invalidated, read(3, 6, [111, 112])])).toEqual(['stale'])
    expect(rules([invalidated, read(3, 7, [111, 112])])).toEqual([])
    expect(rules([invalidated, read(3, 6, [109, 112])])).toEqual([])
  })

  it('is an older version from other memory only after the bound', () => {
    expect(rules([invalidated, read(2, 6, [1_409, 1_410])])).toEqual([])
    expect(rules([invalidated, read(2, 6, [1_411, 1_412])])).toEqual(['stale'])
  })

  it('is an older version from a read that may have waited for another only after the bound', () => {
    expect(rules([invalidated, read(3, 6, [1_409, 1_410], { reading: Reading.getOrSet })])).toEqual([])
    expect(rules([invalidated, read(3, 6, [1_411, 1_412], { reading: Reading.getOrSet })])).toEqual(['stale'])
  })

  it('is an older version where it was invalidated at once, queued or not', () => {
    expect(rules([invalidated, read(0, 6, [111, 112], { reading: Reading.getSync })])).toEqual(['stale'])
    expect(rules([floor(0, 7, [100, 110], Status.queued), read(0, 6, [111, 112])])).toEqual(['stale'])
  })

  it('counts for others from the replay on, if it was queued', () => {
    const queued = floor(0, 7, [100, 110], Status.queued)
    expect(rules([queued, read(3, 6, [500, 501])])).toEqual([])
    expect(rules([queued, mark(0, Mark.replayed, 400), read(3, 6, [500, 501])])).toEqual(['stale'])
    expect(rules([queued, mark(2, Mark.replayed, 400), read(3, 6, [500, 501])])).toEqual([])
  })

  it('does not count for a call that failed', () => {
    expect(rules([floor(0, 7, [100, 110], Status.failed), read(0, 6, [500, 501])])).toEqual([])
  })

  it('asks of a tag that came with an owner only what carries the tag', () => {
    const byOwner = { ...floor(0, 9, [100, 110]), detail: 8 }
    expect(rules([byOwner, read(3, 7, [111, 112])])).toEqual([])
    expect(rules([byOwner, read(3, 8, [111, 112])])).toEqual(['stale'])
  })

  it('is forgiven until a second after contact where the shared tier was taken back', () => {
    const back = [window(50, 200, true)]
    const contact = mark(2, Mark.inStep, 300)
    expect(rules([invalidated, contact, read(3, 6, [1_299, 1_299.5])], back)).toEqual([])
    expect(rules([invalidated, contact, read(3, 6, [1_301, 1_302])], back)).toEqual(['stale'])
    expect(rules([invalidated, contact, read(3, 6, [250, 251])], [window(50, 200, false)])).toEqual(['stale'])
  })
})

describe('outlived', () => {
  it.each([KEY, groupAsKey(KEY), EVERYTHING])('is a value of a load that began before an invalidation of %i', (key) => {
    const invalidation = line(Kind.invalidation, 0, key, Status.applied, NOTHING, [100, 110])
    expect(rules([invalidation, read(3, 6, [111, 112], { since: 99 })])).toEqual(['outlived'])
    expect(rules([invalidation, read(3, 6, [111, 112], { since: 101 })])).toEqual([])
    expect(rules([invalidation, read(3, 6, [111, 112], { since: 99, key: KEY + 1 })])).toEqual(key === EVERYTHING ? ['outlived'] : [])
    expect(check({ ...trial([invalidation, read(3, 6, [111, 112], { since: 99 })]), literal: false })).toEqual([])
  })
})

describe('reordered', () => {
  const readSet = (version: number, times: Times): Line => read(3, version, times, { key: SET_KEY, reading: Reading.get + BY_SET })

  it('is an older set that ended before the newer began, or that nothing made room for', () => {
    expect(rules([set(0, 1, [100, 110]), set(2, 2, [120, 130]), readSet(1, [140, 141])])).toEqual(['reordered'])
    expect(rules([set(0, 1, [100, 150]), set(2, 2, [120, 130]), readSet(1, [160, 161])])).toEqual(['reordered'])
    expect(rules([set(0, 1, [100, 150]), set(2, 2, [120, 130]), readSet(2, [160, 161])])).toEqual([])
  })

  it('is not judged where the newer one may have been removed before the older came', () => {
    const lines = [set(0, 1, [100, 150]), set(2, 2, [120, 130]), readSet(1, [160, 161])]
    expect(rules([...lines, line(Kind.invalidation, 0, EVERYTHING, Status.applied, NOTHING, [135, 140])])).toEqual([])
    expect(rules(lines, [window(125, 140, false)])).toEqual([])
  })

  it('is stale for a loaded value', () => {
    expect(rules([set(2, 2, [120, 130]), read(3, 1, [140, 141], { key: SET_KEY })])).toEqual(['stale'])
  })
})

describe('loaded twice', () => {
  const start = mark(0, Mark.inStep, 0)

  it('is a load while another runs, or while what it brought is fresh', () => {
    expect(rules([start, load(0, [LATER, LATER + 50]), load(3, [LATER + 20, LATER + 60])])).toEqual(['loaded twice'])
    expect(rules([start, load(0, [LATER, LATER + 50]), load(3, [LATER + 1_000, LATER + 1_050])])).toEqual(['loaded twice'])
    expect(rules([start, load(0, [LATER, LATER + 50]), load(3, [LATER + 3_000, LATER + 3_050])])).toEqual([])
  })

  it('is not a load after an invalidation, a failure, a refresh or a fault', () => {
    const [first, second] = [load(0, [LATER, LATER + 50]), load(3, [LATER + 100, LATER + 150])]
    expect(rules([start, first, second, floor(2, 1, [LATER + 60, LATER + 70])])).toEqual([])
    expect(rules([start, first, second, line(Kind.expiry, 2, KEY, Status.applied, 0, [LATER + 60, LATER + 70])])).toEqual([])
    expect(rules([start, load(0, [LATER, LATER + 50], Loading.failed), second])).toEqual([])
    expect(rules([start, first, load(3, [LATER + 100, LATER + 150], Loading.refreshed)])).toEqual([])
    expect(rules([start, first, second], [window(1, 2, false)])).toEqual([])
  })
})

describe('answers that are none', () => {
  it('are errors and nothing where the loader works, and values nobody wrote', () => {
    expect(rules([read(0, ERROR, [1, 2])])).toEqual(['failed'])
    expect(rules([read(0, ERROR, [1, 5_000])])).toEqual([])
    expect(rules([read(0, NOTHING, [1, 2], { reading: Reading.getOrSet })])).toEqual(['failed'])
    expect(rules([read(0, NOTHING, [1, 2])])).toEqual([])
    expect(rules([read(0, CORRUPT, [1, 2])])).toEqual(['corrupt'])
  })
})

describe('the story of a violation', () => {
  it('shows where the value came from, what it disagrees with, and what was broken', () => {
    const told = trial([load(4, [90, 95]), floor(0, 2, [100, 110]), read(3, 1, [111, 112], { since: 90 }), floor(0, 3, [500, 510])], [window(80, 105, false)])
    expect(story(check(told)[0]!, told)).toBe(
      [
        'stale:',
        '  * 0.000 ms to 5.000 ms  instance 4  load ok  key 5  version 1',
        '  * 10.000 ms to 20.000 ms  instance 0  floor applied  key 5  version 2',
        '  * 21.000 ms to 22.000 ms  instance 3  read get  key 5  version 1, value from a load of 0.000 ms',
        '    fault planted: -10.000 ms to 15.000 ms',
      ].join('\n'),
    )
  })
})

describe('a line', () => {
  it('survives being stored', () => {
    const numbers = new Float64Array(2 * WIDTH)
    const original = line(Kind.expiry, 65_535, EVERYTHING, 255, CORRUPT, [1.25, 2.5], 3)
    encode(original, numbers, WIDTH)
    expect(decode(numbers, WIDTH)).toEqual(original)
  })
})
