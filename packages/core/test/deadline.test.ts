import { manualClock } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { DeadlineQueue, withDeadline } from '../src/deadline.ts'

const late = (): Error => new Error('late')
const never = new Promise<never>(() => {})

describe('a deadline', () => {
  it('passes outcomes on, and drops late ones', async () => {
    const clock = manualClock()
    expect(await withDeadline(clock, 10, Promise.resolve(1), late)).toBe(1)
    await expect(withDeadline(clock, 10, Promise.reject(new Error('own')), late)).rejects.toThrow('own')
    const waiting = withDeadline(clock, 10, never, late).catch((error: Error) => error.message)
    await clock.advance(10)
    expect(await waiting).toBe('late')
    expect(clock.pending).toBe(0)
  })
})

describe('a queue of deadlines', () => {
  it('ends each operation at its own time, with one timer', async () => {
    const clock = manualClock()
    const ended: string[] = []
    const judged: string[] = []
    const judge = { succeeded: () => judged.push('ok'), failed: (error: unknown) => judged.push((error as Error).message) }
    const queue = new DeadlineQueue(clock, 100, late, judge)
    const start = (name: string, operation: Promise<unknown>): void =>
      void queue.run(operation, 0).then(
        () => ended.push(name),
        (error: Error) => ended.push(`${name} ${error.message}`),
      )
    let finish!: () => void
    start('a', never)
    await clock.advance(40)
    start('b', new Promise<void>((resolve) => (finish = resolve)))
    start('c', never)
    await clock.advance(40)
    start('d', never)
    finish()
    await clock.advance(19)
    expect(ended).toEqual(['b'])
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    expect(ended).toEqual(['b', 'a late'])
    await clock.advance(40)
    expect(ended).toEqual(['b', 'a late', 'c late'])
    await clock.advance(40)
    expect(ended).toEqual(['b', 'a late', 'c late', 'd late'])
    expect(clock.pending).toBe(0)
    let finishLate!: () => void
    start('e', Promise.resolve())
    start('f', Promise.reject(new Error('own')))
    start('g', new Promise<void>((resolve) => (finishLate = resolve)))
    await clock.advance(100)
    finishLate()
    await clock.advance(0)
    expect(ended.slice(4)).toEqual(['e', 'f own', 'g late'])
    expect(judged).toEqual(['ok', 'late', 'late', 'late', 'ok', 'own', 'late'])
    expect(clock.pending).toBe(0)
  })
})
