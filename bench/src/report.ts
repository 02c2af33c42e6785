import { readFileSync, writeFileSync } from 'node:fs'
import { renderFindings } from './render/findings.ts'
import type { Results } from './results.ts'

const RESULTS = new URL('../results.json', import.meta.url)
const FINDINGS = new URL('../findings.md', import.meta.url)

/** Writes results.json, and what is rendered from it. */
export function saveReport(results: Results): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
  writeFileSync(FINDINGS, renderFindings(JSON.parse(readFileSync(RESULTS, 'utf8')) as Results))
}
