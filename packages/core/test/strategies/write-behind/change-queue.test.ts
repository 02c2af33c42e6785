import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/change.ts'
import { ChangeQueue, type Queued } from '../../../src/strategies/write-behind/change-queue.ts'

const to = (value: number, key = 'k'): Change<string, number> => ({ type: 'set', key, value })

/** What the source refused: it was in the air, and waits again. */
function failed(queue: ChangeQueue<string, number>, batch: readonly Queued<string, number>[], dueAt = 0): void {
  for (const item of batch) {
    item.attempts++
    item.dueAt = dueAt
    queue.putBack(item)
  }
}

describe('a queue of changes', () => {
  it('has one change of each key, and tells which entries of the journal it makes needless', () => {
    const queue = new ChangeQueue<string, number>()
    queue.add('k', to(1), '1', 5)
    queue.add('k', to(2), '2', 9)
    expect([queue.size, queue.fresh, queue.accepted, queue.nextDue()]).toEqual([1, 1, 2, 5])
    const [item] = queue.take(5, 10, false)
    expect(item).toMatchObject({ change: to(2), id: '2', since: 1 })
    expect([queue.superseded, queue.takeSuperseded(), queue.superseded]).toEqual([1, ['1'], 0])
    expect([queue.size, queue.fresh]).toEqual([1, 0])
  })

  it('a change that failed gives way to a newer one, which answers for both', () => {
    const queue = new ChangeQueue<string, number>()
    queue.add('k', to(1), '1', 0)
    const batch = queue.take(0, 10, false)
    queue.add('k', to(2), '2', 0)
    expect(queue.get('k')).toEqual(to(2))
    failed(queue, batch)
    expect(queue.outstanding(1)).toMatchObject({ change: to(2), id: '2' })
    expect(queue.takeSuperseded()).toEqual(['1'])
    expect([queue.size, queue.fresh]).toEqual([1, 1])
  })

  it('a change that takes the place of one that failed is tried like a new one', () => {
    const queue = new ChangeQueue<string, number>()
    queue.add('k', to(1), undefined, 0)
    failed(queue, queue.take(0, 10, false), 100)
    expect([queue.fresh, queue.take(0, 10, true)]).toEqual([0, []])
    queue.add('k', to(2), undefined, 50)
    expect(queue.fresh).toBe(1)
    expect(queue.take(0, 10, true)).toMatchObject([{ change: to(2), attempts: 0 }])
    expect(queue.fresh).toBe(0)
  })

  it('never has two changes of a key in the air', () => {
    const queue = new ChangeQueue<string, number>()
    queue.add('k', to(1), undefined, 0)
    const [first] = queue.take(0, 10, true)
    queue.add('k', to(2), undefined, 0)
    expect(queue.take(10, 10, true)).toEqual([])
    queue.land(first!)
    expect(queue.take(10, 10, true)).toMatchObject([{ change: to(2) }])
  })

  it('batches what was tried as often, the smaller the oftener, down to one', () => {
    const queue = new ChangeQueue<string, number>()
    for (let i = 0; i < 16; i++) queue.add(`k${i}`, to(i, `k${i}`), undefined, 0)
    const sizes: number[] = []
    for (let round = 0; round < 6; round++) {
      const batches: Queued<string, number>[][] = []
      for (let batch = queue.take(0, 8, false); batch.length > 0; batch = queue.take(0, 8, false)) batches.push([...batch])
      expect(batches.flat().length).toBe(16)
      sizes.push(Math.max(...batches.map((batch) => batch.length)))
      for (const batch of batches) failed(queue, batch)
    }
    expect(sizes).toEqual([8, 4, 2, 1, 1, 1])
    queue.add('new', to(1, 'new'), undefined, 0)
    const together = [...queue.take(0, 8, false), ...queue.take(0, 8, false)].map(({ attempts }) => attempts)
    expect(new Set(together).size).toBe(1)
  })
})
