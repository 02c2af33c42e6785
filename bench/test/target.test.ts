import { expect, it } from 'vitest'
import { isMet, type Target } from '../src/target.ts'

it.each<[Target['rule'], number, number, boolean]>([
  ['at most', 1.1, 1.09, true],
  ['at most', 1.1, 1.1, true],
  ['at most', 1.1, 1.11, false],
  ['at least', 10, 10.1, true],
  ['at least', 10, 10, true],
  ['at least', 10, 9.9, false],
])('%s %d: %d is met: %s', (rule, limit, measured, expected) => {
  expect(isMet({ text: 'x', rule, limit, measured, unit: '' })).toBe(expected)
})
