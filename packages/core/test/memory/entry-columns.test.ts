import { expect, it } from 'vitest'
import type { Entry } from '../../src/entry.ts'
import { EntryColumns, type Keeping } from '../../src/memory/entry-columns.ts'

const ENTRY: Entry = { value: { n: 1 }, asOf: 900_000, storedAt: 1_000, freshUntil: 2_000, staleFor: 10, errorFor: 20, loadMs: 3, tags: ['t'], version: 7n }
const KEEPING: Keeping = { value: ENTRY.value, epoch: 1, unsynced: false, now: 1_000, offset: 0, ttl: Infinity }

it('a row is read as it was written, and once released holds on to nothing', () => {
  const columns = new EntryColumns()
  columns.grow(4)
  columns.write(2, ENTRY, KEEPING, Infinity)
  expect(columns.read(2, 0)).toEqual(ENTRY)
  columns.release(2)
  expect(columns.read(2, 0)).toMatchObject({ value: undefined, tags: [], version: undefined })
})

it("times are the shared tier's outside and this machine's inside", () => {
  const columns = new EntryColumns()
  columns.grow(1)
  columns.write(0, ENTRY, { ...KEEPING, offset: 300 }, Infinity)
  expect([columns.freshUntil(0), columns.retainedUntil(0)]).toEqual([1_700, 1_720])
  expect(columns.read(0, 300)).toEqual(ENTRY)
})

it('what was confirmed is so in its epoch alone, also when there were more of them than fit in 32 bits', () => {
  const columns = new EntryColumns()
  columns.grow(2)
  for (const slot of [0, 1]) columns.write(slot, ENTRY, { ...KEEPING, epoch: 7 }, Infinity)
  const later = 7 + 2 ** 32
  expect([7, 8, later].map((epoch) => columns.isConfirmed(0, epoch))).toEqual([true, false, false])
  columns.confirm(1, later)
  expect([7, later].map((epoch) => columns.isConfirmed(0, epoch))).toEqual([false, false])
  expect(columns.isServable(1, 0, later)).toBe(true)
})
