import { describe, expect, it } from 'vitest'
import { awaited, inFlight, inTurn } from '../src/repeat.ts'

describe.each([
  ['not awaited', inTurn],
  ['awaited', awaited],
  ['in flight', (read: () => unknown) => inFlight(3, read)],
])('reads that are %s', (_, repeat) => {
  it('run as often as asked', async () => {
    let reads = 0
    await repeat(() => ++reads)(10)
    expect(reads).toBe(10)
  })

  it('may not miss', async () => {
    await expect(async () => repeat(() => undefined)(1)).rejects.toThrow('a read missed')
  })
})

it('a read starts when one before it has been answered', async () => {
  const answers: (() => void)[] = []
  const read = (): Promise<true> => new Promise((resolve) => answers.push(() => resolve(true)))
  const done = inFlight(3, read)(5)
  expect(answers).toHaveLength(3)
  answers[1]!()
  await expect.poll(() => answers.length).toBe(4)
  answers[0]!()
  await expect.poll(() => answers.length).toBe(5)
  for (const answer of answers) answer()
  await done
  expect(answers).toHaveLength(5)
})
