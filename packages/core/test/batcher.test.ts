import { describe, expect, it } from 'vitest'
import { Batcher } from '../src/batcher.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('a batcher', () => {
  it('hands on together what is asked in one turn, and answers in order', async () => {
    const batches: number[][] = []
    const batcher = new Batcher<number, number>(50, async (requests) => {
      batches.push(requests)
      return requests.map((request) => request * 2)
    })
    expect(await Promise.all(numbers(120).map((request) => batcher.add(request)))).toEqual(numbers(120).map((request) => request * 2))
    expect(batches.map((batch) => batch.length)).toEqual([50, 50, 20])
  })

  it('rejects all that a failed batch holds', async () => {
    const batcher = new Batcher<number, number>(50, () => Promise.reject(new Error('no')))
    const outcomes = await Promise.allSettled(numbers(40).map((request) => batcher.add(request)))
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true)
  })
})
