import { type Chart, fileName } from '../plot/chart.ts'
import { chartOf, overviewOf } from '../plot/charts.ts'
import type { Results, Section } from '../results.ts'
import { renderTable } from './table.ts'
import { renderTargets } from './targets.ts'

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

export function renderSection(section: Section): string {
  const { title, about, tables } = section
  return [
    `## ${title}`,
    about,
    ...link(overviewOf(section)),
    ...tables.flatMap((table) => [`### ${table.title}`, renderTable(table), ...link(chartOf(table))]),
  ].join('\n\n')
}

const link = (chart: Chart | undefined): string[] => (chart === undefined ? [] : [`![${chart.title}](plots/${fileName(chart)})`])
