import { measure } from 'mitata'
import type { Run } from './repeat.ts'

const MIN_CPU_NS = 60_000_000

/**
 * Nanoseconds per operation: the median of samples.
 *
 * @param times operations per sample
 * @param samples at least
 */
export async function nsPerOperation(run: Run, times: number, samples: number): Promise<number> {
  const { p50 } = await measure(() => run(times), { min_cpu_time: MIN_CPU_NS, min_samples: samples, inner_gc: false })
  return p50 / times
}
