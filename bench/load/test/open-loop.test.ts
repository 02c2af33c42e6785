import { expect, it } from 'vitest'
import { type LoopClock, openLoop } from '../open-loop.ts'
import { Alarm } from '../timer/alarm.ts'

/** A clock that stands still while a request is issued, unless that blocks. */
class Clock implements LoopClock {
  time = 1_000
  now = (): number => this.time
  async at(time: number): Promise<void> {
    this.time = Math.max(this.time, time)
  }
}

it('issues each request at its time, none of which is ever answered', async () => {
  const clock = new Clock()
  const issued: [number, number][] = []
  await openLoop(Float64Array.of(0, 5, 5, 12), clock.now(), (index) => void issued.push([index, clock.time - 1_000]), clock)
  expect(issued).toEqual([[0, 0], [1, 5], [2, 5], [3, 12]])
})

it('issues at once what has come due while the event loop was blocked', async () => {
  const clock = new Clock()
  const times = Float64Array.of(0, 10, 20, 90)
  const late: number[] = []
  await openLoop(times, clock.now(), (index) => {
    late.push(clock.time - 1_000 - times[index]!)
    if (index === 0) clock.time += 50
  }, clock)
  expect(late).toEqual([0, 40, 30, 0])
})

it('the alarm rings at its time or after it', async () => {
  await using alarm = new Alarm()
  for (const ms of [3.4, 0, -5]) {
    const time = alarm.now() + ms
    await alarm.at(time)
    expect(alarm.now()).toBeGreaterThanOrEqual(time)
  }
})
