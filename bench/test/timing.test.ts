import { describe, expect, it } from 'vitest'
import { median, ratio, timing } from '../src/timing.ts'

describe('median', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('leaves the order of the values alone', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('a timing', () => {
  it('is the median of its rounds', () => {
    expect(timing('a', [30, 10, 20])).toEqual({ name: 'a', ns: 20, rounds: [30, 10, 20] })
  })
})

describe('ratio', () => {
  it('pairs the rounds: a slow phase of the machine that meets both arms cancels out', () => {
    const timings = [timing('a', [10, 100, 1_000]), timing('b', [5, 50, 500])]
    expect(ratio(timings, 'a', 'b')).toBe(2)
    expect(ratio(timings, 'b', 'a')).toBe(0.5)
  })

  it('is the median, so that one disturbed round does not count', () => {
    expect(ratio([timing('a', [10, 90, 10]), timing('b', [10, 10, 10])], 'a', 'b')).toBe(1)
  })

  it('refuses an arm that is not there', () => {
    expect(() => ratio([timing('a', [1])], 'a', 'b')).toThrow('no arm is called b')
  })
})
