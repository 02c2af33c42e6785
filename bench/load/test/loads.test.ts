import { describe, expect, it } from 'vitest'
import { assertLoads, loadRule } from '../loads.ts'

const schedule = (ids: number[], writes = ids.map(() => 0)) => ({ times: Float64Array.from(ids), ids: Uint32Array.from(ids), writes: Uint8Array.from(writes) })

describe('a source may be asked', () => {
  it('once for each read, and no less, without a cache', () => {
    expect(loadRule(false, schedule([1, 1, 2], [0, 0, 1]), false)).toEqual({ rule: 'exactly', loads: 2 })
  })

  it('once for each key by a cache, where none comes twice but at the same instant', () => {
    expect(loadRule(true, schedule([1, 1, 2, 2, 3]), true)).toEqual({ rule: 'exactly', loads: 3 })
  })

  it('at most once for each key and for each change by a cache', () => {
    expect(loadRule(true, schedule([1, 1, 2, 3, 1], [0, 0, 0, 1, 1]), false)).toEqual({ rule: 'at most', loads: 4 })
  })
})

it('more loads fail, and fewer do where the number is exact', () => {
  expect(() => assertLoads({ rule: 'at most', loads: 4 }, 3)).not.toThrow()
  expect(() => assertLoads({ rule: 'at most', loads: 4 }, 5)).toThrow('the source was asked 5 times instead of at most 4')
  expect(() => assertLoads({ rule: 'exactly', loads: 4 }, 4)).not.toThrow()
  expect(() => assertLoads({ rule: 'exactly', loads: 4 }, 3)).toThrow('the source was asked 3 times instead of exactly 4')
})
