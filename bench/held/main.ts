import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { environment } from './environment.ts'
import { renderFindings, renderSection } from './render.ts'
import { renderTargets } from '../src/render/targets.ts'
import type { Results, Section } from './results.ts'
import { SECTIONS } from './sections.ts'

const RESULTS = new URL('results.json', import.meta.url)
const FINDINGS = new URL('findings.md', import.meta.url)

const { only, seconds } = parseArgs({ options: { only: { type: 'string' }, seconds: { type: 'string' } } }).values
const length = seconds === undefined ? undefined : Number(seconds)
if (length !== undefined && !(length > 0)) throw new Error('--seconds takes a number above 0')
if (only === undefined) await runAll()
else await runSome(only.split(','))

async function runAll(): Promise<void> {
  const sections: Section[] = []
  for (const name of Object.keys(SECTIONS)) sections.push(await run(name))
  const command = seconds === undefined ? 'pnpm held' : `pnpm held --seconds ${seconds}`
  const results: Results = { command, ...(await environment()), sections }
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
  writeFileSync(FINDINGS, renderFindings(JSON.parse(readFileSync(RESULTS, 'utf8')) as Results))
  console.log('written to bench/held/results.json and bench/held/findings.md')
}

/** Shows some sections. What the last whole run has written stays: a report does not mix runs. */
async function runSome(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in SECTIONS))
  if (unknown !== undefined) throw new Error(`--only takes some of ${Object.keys(SECTIONS).join(',')}`)
  for (const name of names) {
    const section = await run(name)
    console.log(`\n${renderSection(section)}\n\n${renderTargets(section.targets)}\n`)
  }
}

async function run(name: string): Promise<Section> {
  const begun = performance.now()
  const section = await SECTIONS[name]!(length)
  console.log(`${name}: ${Math.round((performance.now() - begun) / 1_000)} s`)
  return section
}
