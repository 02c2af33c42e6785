import { describe, expect, it } from 'vitest'
import { Latencies } from '../latencies.ts'
import { Measured } from '../windows.ts'

describe('latencies', () => {
  it('are told by percentiles, to three digits', () => {
    const latencies = new Latencies()
    for (let ms = 1; ms <= 1_000; ms++) latencies.record(ms)
    const { p50, p99, p999, max } = latencies.spread()
    const isNear = (value: number, expected: number): void => expect(Math.abs(value / expected - 1)).toBeLessThan(0.002)
    isNear(p50, 500)
    isNear(p99, 990)
    isNear(p999, 999)
    isNear(max, 1_000)
  })

  it('are not told when there are none', () => {
    expect(() => new Latencies().spread()).toThrow('no request was measured')
  })
})

describe('a window', () => {
  it('counts those that arrive in it, and serves those that are answered in it', () => {
    const measured = new Measured({ of: 'reads', writes: false, from: 1_000, to: 3_000 })
    measured.record(false, 999, 1_001)
    measured.record(false, 1_000, 1_010)
    measured.record(false, 2_000, 2_010)
    measured.record(false, 2_999, 3_009)
    measured.record(true, 2_000, 2_900)
    measured.record(false, 3_000, 3_001)
    const { offered, served, max } = measured.row()
    expect([offered, served]).toEqual([1.5, 1.5])
    expect(max).toBeCloseTo(10, 0)
  })
})
