import { expect, it } from 'vitest'
import { heldMemory } from '../memory/memory.ts'
import { trend } from '../memory/trend.ts'
import { column, expectSection, measured } from './expect-section.ts'

it('memory: what goes through is not held', { timeout: 60_000 }, async () => {
  const section = await heldMemory(1)
  expectSection(section, 'memory')
  expect(measured(section, 'errors')).toEqual([0])
  expect(column(section.tables.at(-1)!, 'queued')).toEqual([0, 0])
  expect(measured(section, 'entries in memory')[0]).toBeLessThanOrEqual(10_000)
})

it('the first third of the samples is warm-up', () => {
  expect(trend([9, 9, 1, 2, 3, 4])).toEqual({ median: 2.5, last: 4, slope: 1 })
})
