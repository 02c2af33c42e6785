import { expect, it } from 'vitest'
import { StampTable } from '../src/stamp-table.ts'

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
  expect(1_000 - table.floor).toBeLessThan(115)
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
