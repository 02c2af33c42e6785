/** Counts requests and times them, from its making on. */

import { type RecordableHistogram, createHistogram } from 'node:perf_hooks'

import { msSince, now } from './clock.ts'

const NANOSECONDS_PER_MS = 1e6

export interface Measured {
  requests: number
  failed: number
  perSecond: number
  p50Ms: number
  p99Ms: number
}

export class Meter {
  readonly #startedAt = now()
  readonly #latencies: RecordableHistogram = createHistogram()
  #failed = 0

  record(ms: number, failed: boolean): void {
    this.#latencies.record(Math.max(1, Math.round(ms * NANOSECONDS_PER_MS)))
    if (failed) this.#failed++
  }

  read(): Measured {
    const percentile = (of: number) => this.#latencies.percentile(of) / NANOSECONDS_PER_MS
    return {
      requests: this.#latencies.count,
      failed: this.#failed,
      perSecond: (this.#latencies.count / msSince(this.#startedAt)) * 1000,
      p50Ms: percentile(50),
      p99Ms: percentile(99),
    }
  }
}
