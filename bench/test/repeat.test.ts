import { describe, expect, it } from 'vitest'
import { awaited, inFlight, inTurn, type Run } from '../src/repeat.ts'

type Read = (key: string) => unknown

describe.each<[string, (keys: readonly string[], read: Read) => Run]>([
  ['not awaited', inTurn],
  ['awaited', awaited],
  ['in flight', (keys, read) => inFlight(2, keys, read)],
])('reads that are %s', (_, repeat) => {
  it('take the keys in turn, for as often as asked, and go on where they were', async () => {
    const keys: string[] = []
    const run = repeat(['a', 'b', 'c'], (key) => keys.push(key))
    await run(4)
    await run(1)
    expect(keys).toEqual(['a', 'b', 'c', 'a', 'b'])
  })

  it('may not miss', async () => {
    await expect(async () => repeat(['a'], () => undefined)(1)).rejects.toThrow('a read missed')
  })
})

it('a read starts when one before it has been answered', async () => {
  const answers: (() => void)[] = []
  const read = (): Promise<true> => new Promise((resolve) => answers.push(() => resolve(true)))
  const done = inFlight(3, ['a'], read)(5)
  expect(answers).toHaveLength(3)
  answers[1]!()
  await expect.poll(() => answers.length).toBe(4)
  answers[0]!()
  await expect.poll(() => answers.length).toBe(5)
  for (const answer of answers) answer()
  await done
  expect(answers).toHaveLength(5)
})
