import { describe, expect, it } from 'vitest'
import { draw, type Pace } from '../schedule.ts'

const PACE: Pace = { perSecond: 2_000, duration: 5_000, seed: 7 }
const POPULAR = { arrivals: { kind: 'independent', share: 1 }, keys: { kind: 'zipf', count: 100, skew: 1 }, writes: 0.25 } as const
const HERDS = { arrivals: { kind: 'herds', size: 3, every: 100 }, keys: { kind: 'once' }, writes: 0 } as const

describe('requests', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(draw(POPULAR, PACE)).toEqual(draw(POPULAR, PACE))
    expect(draw(POPULAR, { ...PACE, seed: 8 }).times).not.toEqual(draw(POPULAR, PACE).times)
  })

  it('arrive independently of each other: gaps are distributed exponentially', () => {
    const { times } = draw(POPULAR, PACE)
    const gaps = Array.from(times, (time, index) => time - (times[index - 1] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    expect(mean).toBeCloseTo(0.5, 1)
    const longer = gaps.filter((gap) => gap > 2 * mean).length / gaps.length
    expect(longer).toBeCloseTo(Math.exp(-2), 1)
    expect(gaps.every((gap) => gap >= 0) && times.at(-1)! < PACE.duration).toBe(true)
  })

  it('are for known rows, the first the most popular, and change them as often as wanted', () => {
    const { ids, writes } = draw(POPULAR, PACE)
    const times = (id: number): number => ids.filter((each) => each === id).length
    expect(Math.min(...ids)).toBe(1)
    expect(Math.max(...ids)).toBeLessThanOrEqual(100)
    expect(times(1)).toBeGreaterThan(times(2))
    expect(writes.filter((write) => write === 1).length / writes.length).toBeCloseTo(0.25, 1)
  })

  it('of a herd are for one row, at one instant', () => {
    const { times, ids, writes } = draw(HERDS, { ...PACE, duration: 250 })
    expect([...times]).toEqual([0, 0, 0, 100, 100, 100, 200, 200, 200])
    expect([...ids]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3])
    expect([...writes]).toEqual(Array(9).fill(0))
  })

  it('without reuse are each for a row of their own', () => {
    const { ids } = draw({ ...POPULAR, keys: { kind: 'once' } }, PACE)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
