import { expect, test } from 'vitest'
import { Ledger, longestMs } from '../src/ledger.ts'

const city = { id: 1, name: 'Somewhere', country: 'XX', population: 1000 }
const answering = (population: number) => [{ ...city, population }]

function updatedThroughA(confirmedAt: number): Ledger {
  const ledger = new Ledger([city])
  ledger.update(city.id, 'A')?.confirm(confirmedAt)
  return ledger
}

test('an answer with the latest population is not behind', () => {
  const ledger = updatedThroughA(10)
  ledger.check('B', answering(1001), 20)
  expect(ledger.behindSince(0)).toEqual([])
})

test('a question from before the confirmation may be answered either way', () => {
  const ledger = updatedThroughA(10)
  ledger.check('A', answering(1000), 9)
  ledger.check('A', answering(1001), 9)
  expect(ledger.behindSince(0)).toEqual([])
})

test('an older population is behind, since the first update that it misses', () => {
  const ledger = updatedThroughA(10)
  ledger.update(city.id, 'A')?.confirm(30)
  ledger.check('B', answering(1000), 50)
  ledger.check('B', answering(1001), 50)
  expect(ledger.behindSince(0)).toEqual([
    { by: 'B', askedAt: 50, ms: 40, ownUpdate: false },
    { by: 'B', askedAt: 50, ms: 20, ownUpdate: false },
  ])
  expect(longestMs(ledger.behindSince(0))).toBe(40)
  expect(ledger.behindSince(51)).toEqual([])
  expect(ledger.behindSince(0, 50)).toEqual([])
})

test('a process that misses any update of its own is told apart', () => {
  const ledger = updatedThroughA(10)
  ledger.update(city.id, 'B')?.confirm(30)
  ledger.check('A', answering(1001), 50)
  ledger.check('B', answering(1001), 50)
  expect(ledger.behindSince(0).map(({ by, ownUpdate }) => ({ by, ownUpdate }))).toEqual([
    { by: 'A', ownUpdate: false },
    { by: 'B', ownUpdate: true },
  ])
})

test('one update of a city at a time', () => {
  const ledger = new Ledger([city])
  const first = ledger.update(city.id, 'A')
  expect(ledger.update(city.id, 'B')).toBeUndefined()
  first?.confirm(10)
  expect(ledger.update(city.id, 'B')?.population).toBe(1002)
  expect([...ledger.latest()]).toEqual([{ id: 1, population: 1002 }])
})
