import { describe, expect, it } from 'vitest'
import { optimum } from '../optimum.ts'
import { seeded } from 'test-support'
import { hitsOf } from '../replay.ts'
import { generated, type Workload, workload } from '../workloads.ts'

/** The most hits of all ways to keep or to give up, by trying all of them. */
function best({ requests }: Workload, capacity: number): number {
  const known = new Map<string, number>()
  const from = (index: number, kept: readonly number[]): number => {
    if (index === requests.length) return 0
    const state = `${index}:${kept.toSorted((a, b) => a - b).join(',')}`
    let most = known.get(state)
    if (most !== undefined) return most
    const key = requests[index]!
    if (kept.includes(key)) most = 1 + from(index + 1, kept)
    else {
      most = from(index + 1, kept)
      if (kept.length < capacity) most = Math.max(most, from(index + 1, [...kept, key]))
      for (const other of kept) most = Math.max(most, from(index + 1, [...kept.filter((each) => each !== other), key]))
    }
    known.set(state, most)
    return most
  }
  return from(0, [])
}

describe('the optimum', () => {
  it('is what trying everything finds', () => {
    const random = seeded(1)
    for (let round = 0; round < 30; round++) {
      const small = workload('small', '', 25, () => Math.floor(random() * 7))
      for (const capacity of [1, 2, 3]) expect(optimum(small, capacity)).toBe(best(small, capacity))
    }
  })

  it('is not beaten, and adaptive is near the best single policy', () => {
    for (const each of generated(60_000)) {
      const capacity = Math.round(each.keys * 0.1)
      const singles = (['lru', 'sieve', 's3fifo', 'tinylfu'] as const).map((policy) => hitsOf(policy, each, capacity))
      const adaptive = hitsOf('adaptive', each, capacity)
      expect(Math.max(...singles, adaptive)).toBeLessThanOrEqual(optimum(each, capacity))
      expect(adaptive / each.requests.length).toBeGreaterThan(Math.max(...singles) / each.requests.length - 0.04)
    }
  })
})
