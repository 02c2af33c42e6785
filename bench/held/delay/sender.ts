import { setTimeout as delay } from 'node:timers/promises'
import type { Cache } from '@stratacache/core'
import { monotonic } from '../../src/process/monotonic.ts'
import { isTag, nameOf } from './names.ts'

/** What to invalidate and when: every entry whose number is `first` plus a multiple of `step`, up to `count`. */
export interface Course {
  readonly first: number
  readonly step: number
  readonly count: number
  /** When the entry of number 0 is due, on the clock that all processes share. */
  readonly at: number
  /** Between two numbers. */
  readonly everyMs: number
}

/** In the order of `numbers`. */
export interface Sent {
  readonly numbers: Float64Array
  readonly called: Float64Array
  readonly resolved: Float64Array
  /** How many were answered `queued`: Redis has not answered in time. */
  readonly queued: number
}

/** Invalidates each entry when it is due, without waiting for the answers to those before. */
export async function invalidateAll(cache: Cache, { first, step, count, at, everyMs }: Course): Promise<Sent> {
  const numbers: number[] = []
  const called: number[] = []
  const answers: Promise<Answer>[] = []
  for (let number = first; number < count; number += step) {
    const waitMs = at + number * everyMs - monotonic()
    if (waitMs > 0) await delay(waitMs)
    numbers.push(number)
    called.push(monotonic())
    answers.push(invalidate(cache, number))
  }
  const answered = await Promise.all(answers)
  return {
    numbers: Float64Array.from(numbers),
    called: Float64Array.from(called),
    resolved: Float64Array.from(answered, ({ at }) => at),
    queued: answered.filter(({ isQueued }) => isQueued).length,
  }
}

interface Answer {
  readonly at: number
  readonly isQueued: boolean
}

async function invalidate(cache: Cache, number: number): Promise<Answer> {
  const name = nameOf(number)
  const { status } = await cache.invalidate(isTag(number) ? { tags: [name] } : { keys: [name] })
  return { at: monotonic(), isQueued: status === 'queued' }
}
