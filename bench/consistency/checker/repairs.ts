import { Kind, type Line, Mark } from '../history/line.ts'
import type { FaultWindow } from './window.ts'

/** The times during which what the shared tier lost by being taken back may not be repaired yet (G5). */
export class Repairs {
  readonly #spans: { readonly begin: number; readonly end: number }[]

  constructor(lines: readonly Line[], windows: readonly FaultWindow[], repairMs: number) {
    const contacts = lines.filter((line) => line.kind === Kind.mark && line.flag === Mark.inStep).map((line) => line.end)
    this.#spans = windows
      .filter((window) => window.takesBack)
      .map(({ begin, end }) => ({ begin, end: Math.min(...contacts.filter((time) => time >= end), Infinity) + repairMs * 1e3 }))
  }

  covers(time: number): boolean {
    return this.#spans.some(({ begin, end }) => time >= begin && time <= end)
  }
}
