import type { LoadTable } from '../tables.ts'
import { markdown, number } from './markdown.ts'
import { verdict } from './verdict.ts'

/** Latencies in milliseconds. */
export function renderLoad(table: LoadTable): string {
  const rows = table.rows.map(({ arm, of, offered, served, p50, p99, p999, totals }) => [
    `${arm}, ${of}`,
    number(Math.round(offered)),
    number(Math.round(served)),
    ...[p50, p99, p999].map(number),
    totals === undefined ? '' : `${number(totals.loads)} of ${number(totals.reads)}`,
    totals === undefined ? '' : number(totals.stale),
  ])
  return [table.about, markdown(['', 'offered/s', 'served/s', 'p50', 'p99', 'p999', 'loads of reads', 'stale answers'], rows), verdict(table)].join('\n\n')
}
