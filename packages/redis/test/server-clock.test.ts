import { expect, it } from 'vitest'
import { ServerClock } from '../src/server-clock.ts'

it('the time of the server is never taken for earlier than replies allow', () => {
  const clock = new ServerClock()
  const ahead = (): number => Math.round(clock.micros(0) / 1_000 - performance.now())
  // Asked at 100, received at 140, answered somewhere between at 1000: at least 860 and at most 900 ahead.
  clock.learn(100, 140, 1_000_000)
  expect(ahead()).toBe(900)
  clock.learn(200, 210, 1_080_000)
  expect(ahead()).toBe(880)
  clock.learn(300, 400, 1_250_000)
  expect(ahead()).toBe(880)
  // The server's clock was set forward, then back.
  clock.learn(500, 510, 9_000_000)
  expect(ahead()).toBe(8_500)
  clock.learn(600, 610, 1_000_000)
  expect(ahead()).toBe(400)
  expect(Math.round((clock.micros(250) - clock.micros(0)) / 1_000)).toBe(250)
})
