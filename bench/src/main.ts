import { parseArgs } from 'node:util'
import { environment } from './environment.ts'
import { openProgress, type Progress } from './progress.ts'
import { renderSection } from './render/findings.ts'
import { renderTargets } from './render/targets.ts'
import { saveReport } from './report.ts'
import type { Section } from './results.ts'
import { SECTIONS } from './sections.ts'

const BENCH = new URL('../', import.meta.url)

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
if (only === undefined) await runAll()
else await runSome(only.split(','))

async function runAll(): Promise<void> {
  saveReport({ ...environment(), sections: await run(Object.keys(SECTIONS)) }, BENCH)
  console.log('written to bench/results.json, bench/findings.md and bench/plots')
}

/** Shows some sections. What the last whole run has written stays: a report does not mix runs. */
async function runSome(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in SECTIONS))
  if (unknown !== undefined) throw new Error(`--only takes some of ${Object.keys(SECTIONS).join(',')}`)
  for (const section of await run(names)) console.log(`\n${renderSection(section)}\n\n${renderTargets(section.targets)}`)
}

async function run(names: readonly string[]): Promise<Section[]> {
  const progress = openProgress(names.reduce((sum, name) => sum + SECTIONS[name]!.seconds, 0))
  try {
    const sections: Section[] = []
    for (const name of names) sections.push(await runOne(name, progress))
    return sections
  } finally {
    progress.close()
  }
}

async function runOne(name: string, progress: Progress): Promise<Section> {
  const { run: begin, seconds } = SECTIONS[name]!
  const section = await begin(progress.section(name, seconds))
  progress.done()
  globalThis.gc?.()
  return section
}
