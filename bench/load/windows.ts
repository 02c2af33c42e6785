import type { LoadRow } from '../src/tables.ts'
import { Latencies } from './latencies.ts'
import type { Scenario } from './scenario.ts'

/** A part of the run. Milliseconds from its start. */
export interface Window {
  readonly of: string
  readonly writes: boolean
  readonly from: number
  readonly to: number
}

const FIRST_SECOND = 1_000

/** What a scenario tells apart. The first is what the arms are compared by. */
export function windowsOf({ warmUp, measured, writes, firstSecond }: Scenario): Window[] {
  const whole = { from: warmUp, to: warmUp + measured }
  return [
    { of: 'reads', writes: false, ...whole },
    ...(writes > 0 ? [{ of: 'writes', writes: true, ...whole }] : []),
    ...(firstSecond ? [{ of: 'reads of the first second', writes: false, from: 0, to: Math.min(FIRST_SECOND, measured) }] : []),
  ]
}

/** What happened to the requests that arrived within a window. */
export class Measured {
  readonly #window: Window
  readonly #latencies = new Latencies()
  #served = 0

  constructor(window: Window) {
    this.#window = window
  }

  /** @param arrived, answered milliseconds from the start of the run */
  record(isWrite: boolean, arrived: number, answered: number): void {
    const { writes, from, to } = this.#window
    if (isWrite !== writes) return
    if (answered >= from && answered < to) this.#served++
    if (arrived >= from && arrived < to) this.#latencies.record(answered - arrived)
  }

  row(): Pick<LoadRow, 'of' | 'offered' | 'served' | 'p50' | 'p99' | 'p999' | 'max'> {
    const { of, from, to } = this.#window
    const seconds = (to - from) / 1_000
    return { of, offered: this.#latencies.count / seconds, served: this.#served / seconds, ...this.#latencies.spread() }
  }
}
