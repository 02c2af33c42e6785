import { expect, it } from 'vitest'
import { delay } from '../delay/delay.ts'
import { column, expectSection } from './expect-section.ts'

it('delay: every invalidation reaches every other process', { timeout: 60_000 }, async () => {
  const section = await delay(1)
  expectSection(section, 'delay')
  expect(column(section.tables[0]!, 'samples')).toEqual([7_000, 7_000, 1_000])
})
