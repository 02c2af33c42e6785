import { CORRUPT, ERROR, Kind, type Line, NOTHING, Reading } from '../history/line.ts'
import { doubleLoads } from './double-loads.ts'
import type { Trial, Violation } from './judged.ts'
import { ReorderedSets } from './reordered.ts'
import { StaleReads } from './stale.ts'

/** A load may take so long that a caller is told it has timed out. In µs. */
const LONGEST_WAIT = 4_500_000

/** Every line that breaks a guarantee. */
export function check(trial: Trial): Violation[] {
  const stale = new StaleReads(trial)
  const reordered = new ReorderedSets(trial)
  const violations = doubleLoads(trial)
  for (const line of trial.lines) {
    if (line.kind !== Kind.read) continue
    const violation = unanswered(line) ?? stale.judge(line) ?? reordered.judge(line)
    if (violation !== undefined) violations.push(violation)
  }
  return violations
}

function unanswered(line: Line): Violation | undefined {
  if (line.version === CORRUPT) return { rule: 'corrupt', line, against: undefined }
  const isLoading = line.flag === Reading.getOrSet || line.flag === Reading.getOrSetMany || line.flag === Reading.refresh
  const isFailed = line.version === ERROR ? line.end - line.begin < LONGEST_WAIT : isLoading && line.version === NOTHING
  return isFailed ? { rule: 'failed', line, against: undefined } : undefined
}
