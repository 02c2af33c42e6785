import { expect, it } from 'vitest'
import { away } from '../away/away.ts'
import { column, expectSection, measured } from './expect-section.ts'

it('away: every read is answered, and every miss is loaded once', { timeout: 60_000 }, async () => {
  const section = await away(1, 1)
  expectSection(section, 'away')
  expect(measured(section, 'errors')).toEqual([0, 0, 0])
  expect(measured(section, 'were not answered')).toEqual([0, 0, 0])
  const reads = section.tables.at(-1)!
  expect(column(reads, 'their loads')).toEqual(column(reads, 'misses'))
})
