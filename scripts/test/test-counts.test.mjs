import { expect, test } from 'vitest'
import { closingLine, countTests, readCounts } from '../test-counts.mjs'

const file = (status, ...statuses) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
})
const line = (testResults, runFailed) => closingLine(countTests({ testResults }, runFailed))

test('counts tests by outcome', () => {
  const files = [file('passed', 'passed', 'pending', 'todo'), file('failed', 'passed', 'failed')]
  expect(line(files, true)).toBe('2 passed, 1 failed, 2 skipped')
})

test('says nothing of skipped tests when there are none', () => {
  expect(line([file('passed', 'passed')], false)).toBe('1 passed, 0 failed')
})

test('a file that does not load is one failure', () => {
  expect(line([file('failed'), file('passed', 'passed')], true)).toBe('1 passed, 1 failed')
})

test('a failed run without a failed test is one failure', () => {
  expect(line([file('passed', 'passed')], true)).toBe('1 passed, 1 failed')
})

test('a run that left no report is one failure', () => {
  expect(closingLine(readCounts('/nowhere/report.json', true))).toBe('0 passed, 1 failed')
})
