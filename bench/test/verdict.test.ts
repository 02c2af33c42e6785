import { expect, it } from 'vitest'
import { verdict } from '../src/render/verdict.ts'
import type { LoadRow, LoadTable } from '../src/tables.ts'

const row = (arm: string, p50: number, p99: number, loads: number): LoadRow => ({
  arm, of: 'reads', offered: 100, served: 100, p50, p99, p999: p99, max: p99, totals: { reads: 1_000, writes: 0, loads, stale: 0 },
})
const table = (p50: number, p99: number, loads: number): LoadTable => ({
  kind: 'load', title: '', about: '', rows: [row('no cache', 10, 100, 1_000), row('stratacache', p50, p99, loads)],
})

it.each([
  [1, 20, 40, 'The cache helps: the median is 1 ms instead of 10, p99 20 ms instead of 100, and the source is spared 96 % of the reads.'],
  [12, 130, 1_000, 'The cache costs: the median is 12 ms instead of 10, p99 130 ms instead of 100, and the source is spared nothing.'],
  [1, 200, 5, 'The cache helps some reads and costs others: the median is 1 ms instead of 10, p99 200 ms instead of 100, and the source is spared 99.50 % of the reads.'],
  [10.5, 95, 1_000, 'The cache makes no difference: the median is 10.5 ms instead of 10, p99 95 ms instead of 100, and the source is spared nothing.'],
])('p50 %d ms, p99 %d ms and %d loads', (p50, p99, loads, sentence) => {
  expect(verdict(table(p50, p99, loads))).toBe(sentence)
})
