/** What the demo prints: lines that stay, and, on a terminal, one last line that is written over. */

import { clearLine, cursorTo } from 'node:readline'
import { styleText } from 'node:util'

import type { Claim } from './claims.ts'
import { msSince, now } from './clock.ts'
import type { Measured } from './meter.ts'

const out = process.stdout

export const count = (n: number): string => Math.round(n).toLocaleString('en')
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
export const ms = (n: number): string => `${n.toFixed(n < 10 ? 2 : 0)} ms`
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
export const load = ({ perSecond, p50Ms, p99Ms }: Measured): string =>
  `${count(perSecond).padStart(6)} requests/s   p50 ${ms(p50Ms).padStart(8)}   p99 ${ms(p99Ms).padStart(8)}`

/** How often the last line changes where it cannot be written over. */
const LIVE_EVERY_MS = 900

export class Report {
  #liveAt = -Infinity

  heading(text: string): void {
    this.line()
    this.line(styleText('bold', text, { stream: out }))
  }

  line(text = ''): void {
    this.#clear()
    out.write(`${text && `  ${text}`}\n`)
  }

  /** Stands until the next line; where nothing can be written over, a line like any other, but not too often. */
  live(text: string): void {
    if (!out.isTTY) {
      if (msSince(this.#liveAt) < LIVE_EVERY_MS) return
      this.#liveAt = now()
      return this.line(text)
    }
    this.#clear()
    // A line that is broken in two could be cleared only by half.
    out.write(styleText('dim', `  ${text}`.slice(0, out.columns - 1), { stream: out }))
  }

  table(rows: readonly (readonly string[])[]): void {
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
    for (const [first = '', ...cells] of rows) {
      const padded = cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))
      this.line([first.padEnd(widths[0] ?? 0), ...padded].join('   '))
    }
  }

  claim({ text, holds, measured }: Claim): void {
    const mark = holds ? styleText('green', '✓', { stream: out }) : styleText('red', '✗', { stream: out })
    this.line(`${mark} ${text}: ${measured}`)
  }

  #clear(): void {
    if (!out.isTTY) return
    clearLine(out, 0)
    cursorTo(out, 0)
  }
}
