import type { HeapTable, HitRatioTable, Results, Section, SizeTable, StampedeTable, Table, TimingTable } from './results.ts'
import { isMet, type Target } from './target.ts'
import { median, ratio } from './timing.ts'

type Cells = readonly string[]

/** findings.md of a run. */
export function renderFindings(results: Results): string {
  const { command, node, cpus, date, versions } = results
  const compared = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    '# Findings of the bench',
    `Written by \`${command}\` on ${date}: Node ${node}, ${cpus} CPUs. Do not edit.`,
    `Compared with ${compared.join(', ')}. Every arm's answers and loads were checked. Rounds of all arms alternate; a time is the median of the rounds, a ratio the median of the ratios round by round. Trust the ratios: the times are this machine's.`,
    '## Targets',
    renderTargets(results.sections.flatMap((section) => section.targets)),
    ...results.sections.map(renderSection),
    '',
  ].join('\n\n').trimEnd() + '\n'
}

export function renderSection({ title, about, tables }: Section): string {
  return [`## ${title}`, about, ...tables.flatMap((table) => [`### ${table.title}`, renderTable(table)])].join('\n\n')
}

export function renderTargets(targets: readonly Target[]): string {
  return markdown(
    ['target', 'limit', 'measured', 'met'],
    targets.map((target) => {
      const { text, rule, limit, measured, unit } = target
      return [text, `${rule} ${number(limit)}${unit}`, `${number(measured)}${unit}`, isMet(target) ? 'yes' : 'no']
    }),
  )
}

function renderTable(table: Table): string {
  switch (table.kind) {
    case 'timing':
      return renderTimings(table)
    case 'stampede':
      return renderLoads(table)
    case 'size':
      return renderSizes(table)
    case 'heap':
      return renderHeap(table)
    case 'hitRatio':
      return renderHitRatios(table)
  }
}

function renderTimings({ timings, unit, baseline }: TimingTable): string {
  const scale = unit === 'ns' ? 1 : 1_000
  return markdown(
    ['', `${unit} each`, `× ${baseline}`],
    timings.map(({ name, ns }) => [name, number(ns / scale), ratio(timings, name, baseline).toFixed(2)]),
  )
}

function renderLoads({ rows }: StampedeTable): string {
  return markdown(
    ['', 'loads, round by round', 'ms until all are answered'],
    rows.map(({ name, loads, ms }) => [name, loads.join(' '), number(median(ms))]),
  )
}

function renderSizes({ rows }: SizeTable): string {
  return markdown(
    ['', 'minified', 'gzipped'],
    rows.map(({ name, minified, gzipped }) => [name, number(minified), number(gzipped)]),
  )
}

function renderHeap({ names, rows }: HeapTable): string {
  return markdown(
    ['entries', ...names],
    rows.map(({ entries, bytes }) => [number(entries), ...names.map((name) => number(bytes[name]!))]),
  )
}

function renderHitRatios({ policies, rows }: HitRatioTable): string {
  const percent = (ratio: number): string => (100 * ratio).toFixed(2)
  const mean = (values: readonly number[]): string => percent(values.reduce((sum, value) => sum + value, 0) / values.length)
  return markdown(
    ['%', 'capacity', ...policies, 'optimum'],
    [
      ...rows.map(({ workload, capacity, ratios, optimum }) => [workload, number(capacity), ...policies.map((name) => percent(ratios[name]!)), percent(optimum)]),
      ['mean', '', ...policies.map((name) => mean(rows.map(({ ratios }) => ratios[name]!))), mean(rows.map(({ optimum }) => optimum))],
    ],
  )
}

/** Three digits that say something; whole numbers as they are. */
function number(value: number): string {
  return value.toLocaleString('en', Number.isInteger(value) || value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}

function markdown(head: Cells, rows: readonly Cells[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
