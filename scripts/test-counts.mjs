import { existsSync, readFileSync } from 'node:fs'

/** Reads vitest's JSON report; a run that left no readable report counts as one failure. */
export function readCounts(file, runFailed) {
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] }
  return countTests(report, runFailed)
}

export function countTests(report, runFailed) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++
      else if (test.status === 'failed') counts.failed++
      else counts.skipped++
    }
    const failedToLoad =
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
    if (failedToLoad) counts.failed++
  }
  // An unhandled error, or a crash of the runner, fails the run without failing a test.
  if (runFailed && counts.failed === 0) counts.failed = 1
  return counts
}

export function closingLine({ passed, failed, skipped }) {
  const tail = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${passed} passed, ${failed} failed${tail}`
}
