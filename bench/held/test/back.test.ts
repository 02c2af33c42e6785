import { expect, it } from 'vitest'
import { back } from '../back/back.ts'
import { isInOrder } from '../back/order.ts'
import { expectSection, measured } from './expect-section.ts'

it('back: what was queued is applied everywhere, in order', { timeout: 60_000 }, async () => {
  const section = await back(1)
  expectSection(section, 'back')
  expect(measured(section, 'another order')).toEqual([0])
})

it('the order is that in which names come for the first time, process by process', () => {
  const record = (process: number, ...numbers: number[]): { process: number; number: number }[] => numbers.map((number) => ({ process, number }))
  expect(isInOrder([record(0, 0, 1), record(1, 1, 0), record(0, 3, 2, 1), record(0, 4)])).toBe(true)
  expect(isInOrder([record(0, 0), record(0, 2), record(1, 0), record(0, 1)])).toBe(false)
})
