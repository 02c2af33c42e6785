import type { Results, Section, Table } from '../results.ts'
import type { HeapTable, LoadTable, SeriesTable } from '../tables.ts'
import type { Chart } from './chart.ts'

/** All charts of a run. */
export const chartsOf = ({ sections }: Pick<Results, 'sections'>): Chart[] =>
  sections.flatMap((section) => [overviewOf(section), ...section.tables.map(chartOf)]).filter((chart) => chart !== undefined)

/** The chart of all tables of a section together, where they say the same of different things. */
export function overviewOf({ tables }: Section): Chart | undefined {
  const loads = tables.filter((table) => table.kind === 'load')
  return loads.length === 0 ? undefined : chartOfLoads(loads)
}

/** The chart of one table, of those kinds that have one. */
export function chartOf(table: Table): Chart | undefined {
  switch (table.kind) {
    case 'series':
      return chartOfSeries(table)
    case 'heap':
      return chartOfHeap(table)
    default:
      return undefined
  }
}

function chartOfSeries({ title, x, y, points, series }: SeriesTable): Chart {
  return { kind: 'lines', title, x, y, points, series: series.map(({ name, costs }) => ({ name, values: costs })) }
}

function chartOfHeap({ title, names, rows }: HeapTable): Chart {
  const series = names.map((name) => ({ name, values: rows.map(({ bytes }) => bytes[name]!) }))
  return { kind: 'lines', title, x: 'entries', y: 'bytes', points: rows.map(({ entries }) => entries), series }
}

function chartOfLoads(tables: readonly LoadTable[]): Chart {
  const arms = [...new Set(tables.flatMap(({ rows }) => rows.map(({ arm }) => arm)))]
  const p99 = (table: LoadTable, arm: string): number | undefined => table.rows.find((row) => row.arm === arm)?.p99
  return {
    kind: 'bars',
    title: 'p99 by scenario',
    y: 'ms',
    groups: tables.map(({ title }) => title),
    series: arms.map((arm) => ({ name: arm, values: tables.map((table) => p99(table, arm)) })),
  }
}
