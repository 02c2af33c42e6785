import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryForMariadb } from './mariadb.mjs'
import { pnpm } from './pnpm.mjs'
import { setUp } from './set-up.mjs'
import { step, StepFailed } from './step.mjs'
import { closingLine, readCounts } from './test-counts.mjs'

const checks = [
  ['types', 'check:types'],
  ['lint', 'lint'],
  ['knip', 'knip'],
  ['build', 'build'],
  ['packages', 'check:packages'],
]

/** Runs everything a change must pass and returns whether it did. The last line is the count. */
export async function test() {
  let counts = { passed: 0, failed: 1, skipped: 0 }
  try {
    await setUp()
    await tryForMariadb()
    for (const [name, script] of checks) await step(name, pnpm('run', script))
    counts = await unitTests()
  } catch (error) {
    if (error instanceof StepFailed) error.print()
    else console.log(error)
  }
  console.log(closingLine(counts))
  return counts.failed === 0
}

async function unitTests() {
  const folder = mkdtempSync(join(tmpdir(), 'stratacache-test-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  try {
    const runFailed = await step('tests', pnpm('run', 'test:unit', ...reporters), { quiet: false }).then(
      () => false,
      (error) => {
        error.print()
        return true
      },
    )
    return readCounts(report, runFailed)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
