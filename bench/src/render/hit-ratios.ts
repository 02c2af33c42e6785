import type { HitRatioTable } from '../tables.ts'
import { markdown, number } from './markdown.ts'

export function renderHitRatios({ policies, rows }: HitRatioTable): string {
  const percent = (ratio: number): string => (100 * ratio).toFixed(2)
  const mean = (values: readonly number[]): string => percent(values.reduce((sum, value) => sum + value, 0) / values.length)
  return markdown(
    ['%', 'capacity', ...policies, 'optimum'],
    [
      ...rows.map(({ workload, capacity, ratios, optimum }) => [workload, number(capacity), ...policies.map((name) => percent(ratios[name]!)), percent(optimum)]),
      ['mean', '', ...policies.map((name) => mean(rows.map(({ ratios }) => ratios[name]!))), mean(rows.map(({ optimum }) => optimum))],
    ],
  )
}
