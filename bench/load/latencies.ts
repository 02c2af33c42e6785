import { createHistogram } from 'node:perf_hooks'
import type { Spread } from '../src/tables.ts'

const NS_PER_MS = 1e6
const LONGEST_NS = 60_000 * NS_PER_MS

/** How long requests took, to three digits (an HDR histogram). */
export class Latencies {
  readonly #histogram = createHistogram({ lowest: 1, highest: LONGEST_NS, figures: 3 })

  get count(): number {
    return this.#histogram.count
  }

  record(ms: number): void {
    this.#histogram.record(Math.min(LONGEST_NS, Math.max(1, Math.round(ms * NS_PER_MS))))
  }

  spread(): Spread {
    if (this.count === 0) throw new Error('no request was measured')
    const at = (percent: number): number => this.#histogram.percentile(percent) / NS_PER_MS
    return { p50: at(50), p99: at(99), p999: at(99.9), max: this.#histogram.max / NS_PER_MS }
  }
}
