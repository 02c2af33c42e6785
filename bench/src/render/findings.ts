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

export function renderSection({ title, about, tables }: Section): string {
  return [`## ${title}`, about, ...tables.flatMap((table) => [`### ${table.title}`, renderTable(table)])].join('\n\n')
}
