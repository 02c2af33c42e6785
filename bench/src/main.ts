import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { environment } from './environment.ts'
import { heap } from '../micro/heap.ts'
import { hitRatio } from '../sim/hit-ratio.ts'
import { memoryHit } from '../micro/memory-hit.ts'
import { renderFindings, renderSection, renderTargets } from './render.ts'
import type { Results, Section } from './results.ts'
import { set } from '../micro/set.ts'
import { sharedHit } from '../micro/shared-hit.ts'
import { size } from '../micro/size.ts'
import { stampede } from '../micro/stampede.ts'

const SECTIONS: Readonly<Record<string, () => Promise<Section>>> = {
  'memory-hit': memoryHit,
  set,
  'shared-hit': sharedHit,
  stampede,
  'hit-ratio': hitRatio,
  heap,
  size,
}
const RESULTS = new URL('../results.json', import.meta.url)
const FINDINGS = new URL('../findings.md', import.meta.url)

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
if (only === undefined) await runAll()
else await runOne(only)

async function runAll(): Promise<void> {
  const sections: Section[] = []
  for (const name of Object.keys(SECTIONS)) sections.push(await run(name))
  const results: Results = { ...environment(), sections }
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
  writeFileSync(FINDINGS, renderFindings(JSON.parse(readFileSync(RESULTS, 'utf8')) as Results))
  console.log('written to bench/results.json and bench/findings.md')
}

/** Shows one section. What the last whole run has written stays: a report does not mix runs. */
async function runOne(name: string): Promise<void> {
  if (!(name in SECTIONS)) throw new Error(`--only takes one of ${Object.keys(SECTIONS).join(', ')}`)
  const section = await run(name)
  console.log(`\n${renderSection(section)}\n\n${renderTargets(section.targets)}`)
}

async function run(name: string): Promise<Section> {
  const begun = performance.now()
  const section = await SECTIONS[name]!()
  console.log(`${name}: ${Math.round((performance.now() - begun) / 1_000)} s`)
  globalThis.gc?.()
  return section
}
