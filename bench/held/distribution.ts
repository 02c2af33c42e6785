import type { Cell } from './results.ts'

/** Heads of the columns that `distribution` fills. */
export const DISTRIBUTION: readonly string[] = ['samples', 'p50', 'p99', 'p999', 'max']

/** How many samples there are, and how they are spread. */
export function distribution(samples: readonly number[]): Cell[] {
  if (samples.length === 0) return [0, '-', '-', '-', '-']
  return [samples.length, ...[0.5, 0.99, 0.999, 1].map((share) => percentile(samples, share))]
}

/** The least sample that is not exceeded by this share of them: nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('there are no samples')
  return samples.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * samples.length) - 1)]!
}
