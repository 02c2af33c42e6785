import { renderTargets } from '../src/render/targets.ts'
import type { Cell, Results, Section, Table } from './results.ts'

/** findings.md of a run. */
export function renderFindings({ command, node, redis, cpus, date, sections }: Results): string {
  return [
    '# What holds while Redis misbehaves',
    `Written by \`${command}\` on ${date}: Node ${node}, Redis ${redis}, ${cpus} CPUs. Do not edit.`,
    'Every answer was checked, and so was how often loaders were called. Redis, its clients and what loads them share the machine. Options are the defaults where nothing else is said.',
    '## Targets',
    renderTargets(sections.flatMap((section) => section.targets)),
    ...sections.map(renderSection),
  ].join('\n\n') + '\n'
}

export function renderSection({ title, about, tables }: Section): string {
  return [`## ${title}`, about, ...tables.flatMap((table) => [`### ${table.title}`, renderTable(table)])].join('\n\n')
}

function renderTable({ head, rows }: Table): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...rows.map((row) => row.map(text))].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Three digits that say something; whole numbers as they are. */
function text(cell: Cell): string {
  if (typeof cell === 'string') return cell
  const isWhole = Number.isInteger(cell) || Math.abs(cell) >= 100
  return cell.toLocaleString('en', isWhole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}
