import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileName } from './plot/chart.ts'
import { chartsOf } from './plot/charts.ts'
import { svgOf } from './plot/svg.ts'
import { renderFindings } from './render/findings.ts'
import type { Results } from './results.ts'

/**
 * Writes results.json, and findings.md and the plots from it.
 *
 * @param folder ends with a slash
 */
export function saveReport(results: Results, folder: URL): void {
  const file = new URL('results.json', folder)
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`)
  const saved = JSON.parse(readFileSync(file, 'utf8')) as Results
  writeFileSync(new URL('findings.md', folder), renderFindings(saved))
  const plots = new URL('plots/', folder)
  rmSync(plots, { recursive: true, force: true })
  mkdirSync(plots)
  for (const chart of chartsOf(saved)) writeFileSync(new URL(fileName(chart), plots), svgOf(chart))
}
