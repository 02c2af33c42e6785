import { median } from '../../src/timing.ts'

/** How the heap has developed since the warm-up, which is the first third of the samples. */
export interface Trend {
  /** Bytes, of the samples after the warm-up. */
  readonly median: number
  readonly last: number
  /** Bytes per sample, by least squares. */
  readonly slope: number
}

export function trend(samples: readonly number[]): Trend {
  const warm = samples.slice(Math.floor(samples.length / 3))
  const meanX = (warm.length - 1) / 2
  const meanY = warm.reduce((sum, bytes) => sum + bytes, 0) / warm.length
  const covariance = warm.reduce((sum, bytes, x) => sum + (x - meanX) * (bytes - meanY), 0)
  const variance = warm.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0)
  return { median: median(warm), last: warm.at(-1)!, slope: variance === 0 ? 0 : covariance / variance }
}
