import { expect, it } from 'vitest'
import { StampTable } from '../src/stamp-table.ts'
import { seeded } from './fuzz.ts'

const raised = (limit: number, count: number): StampTable => {
  const table = new StampTable(limit)
  for (let i = 1; i <= count; i++) table.raise(`c:k${i}`, i, false)
  return table
}

it('forgets the oldest past its bound, and bounds what they may have been', () => {
  const table = raised(100, 1_000)
  expect([table.get('c:k1'), table.get('c:k1000')]).toEqual([undefined, { hard: 1_000, soft: 0 }])
  expect(table.get(`c:k${table.floor}`)).toBeUndefined()
  expect(table.get(`c:k${table.floor + 1}`)).toEqual({ hard: table.floor + 1, soft: 0 })
  expect(table.bound('c:k1')).toEqual({ hard: table.floor, soft: 0 })
  expect(1_000 - table.floor).toBeGreaterThanOrEqual(100)
  expect(1_000 - table.floor).toBeLessThanOrEqual(202)
})

it('remembers what changes again and again, and the newest of it', () => {
  const table = new StampTable(100)
  for (let i = 1; i <= 1_000; i++) {
    table.raise('c:hot', 2 * i, false)
    table.raise(`c:k${i}`, 2 * i + 1, false)
    expect(table.get('c:hot')).toEqual({ hard: 2 * i, soft: 0 })
  }
  table.raise('c:k1000', 5_000, true)
  expect(table.get('c:k1000')).toEqual({ hard: 2_001, soft: 5_000 })
  expect([table.ceiling, table.bound('c:k1')]).toEqual([5_000, { hard: table.floor, soft: 0 }])
})

it('never takes for forgotten what it knows, nor for lower what it forgot', () => {
  const random = seeded(7)
  const table = new StampTable(20)
  const all = new Map<string, number>()
  for (let i = 1; i <= 1_000; i++) {
    const name = `c:k${Math.floor(random() ** 3 * 200)}`
    // They come in any order.
    const stamp = Math.max(1, i - Math.floor(random() * 30))
    table.raise(name, stamp, false)
    all.set(name, Math.max(all.get(name) ?? 0, stamp))
    for (const [known, highest] of all) {
      const hard = table.get(known)?.hard
      if (hard === undefined) expect(table.bound(known).hard).toBeGreaterThanOrEqual(highest)
      else expect(Math.max(hard, table.floor)).toBeGreaterThanOrEqual(highest)
    }
  }
})

it('has forgotten nothing once it was cleared', () => {
  const table = raised(10, 100)
  table.clear()
  expect([table.floor, table.ceiling, table.bound('c:k1')]).toEqual([0, 0, { hard: 0, soft: 0 }])
  for (let i = 1; i <= 15; i++) table.raise(`c:n${i}`, i, false)
  expect(table.floor).toBe(0)
})

it('forgets at a cost that does not grow with its bound', () => {
  const time = (limit: number): number => {
    const begun = performance.now()
    raised(limit, 150_000)
    return performance.now() - begun
  }
  time(1_000_000)
  const unbounded = time(1_000_000)
  expect(time(10_000)).toBeLessThan(10 * unbounded)
})

it('changes a name at a cost that does not grow with what it knows', () => {
  const time = (hot: readonly string[]): number => {
    const table = new StampTable(1_000_000)
    const begun = performance.now()
    for (let i = 1; i <= 100_000; i++) for (const name of [...hot, `c:k${i}`]) table.raise(name, i, false)
    return performance.now() - begun
  }
  time([])
  const [without, withHot] = [time([]), time(['c:hot'])]
  expect(withHot).toBeLessThan(20 * without)
})
