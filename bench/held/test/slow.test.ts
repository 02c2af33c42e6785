import { expect, it } from 'vitest'
import { slow } from '../slow/slow.ts'
import { expectSection, measured } from './expect-section.ts'

it('slow: every read is answered', { timeout: 60_000 }, async () => {
  const section = await slow(1)
  expectSection(section, 'slow')
  expect(measured(section, 'errors')).toEqual([0])
  expect(measured(section, 'were not answered')).toEqual([0])
})
