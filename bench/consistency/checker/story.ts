import { describe, Kind, type Line } from '../history/line.ts'
import type { Trial, Violation } from './judged.ts'

const MOST_LINES = 14

/** The smallest history around a violation: where its value came from, what it disagrees with, and what was going on. */
export function story({ rule, line, against }: Violation, { lines, windows }: Trial): string {
  const origin = lines.filter((each) => each.key === line.key && each.version === line.version && (each.kind === Kind.load || each.kind === Kind.set))
  const source = origin.find((each) => each.begin === line.detail || each.detail === line.detail)
  const from = Math.min(source?.begin ?? line.begin, against?.begin ?? line.begin)
  const main = new Set([source, against, line].filter((each) => each !== undefined))
  const others = lines.filter((each) => !main.has(each) && each.key === line.key && each.kind !== Kind.read && each.end >= from && each.begin <= line.end)
  const shown: readonly Line[] = [...main, ...others.slice(-MOST_LINES)].toSorted((a, b) => a.begin - b.begin)
  const faults = windows.filter((window) => window.end >= from && window.begin <= line.end)
  const ms = (time: number): string => `${((time - from) / 1e3).toFixed(3)} ms`
  return [
    `${rule}:`,
    ...shown.map((each) => `  ${main.has(each) ? '*' : ' '} ${describe(each, from)}`),
    ...faults.map(({ name, begin, end }) => `    fault ${name}: ${ms(begin)} to ${ms(end)}`),
  ].join('\n')
}
