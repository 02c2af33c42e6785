import { afterEach, expect, it, vi } from 'vitest'
import { systemClock } from '../src/clock.ts'

afterEach(() => vi.useRealTimers())

it('waits for what is further away than a timer of Node can be set to', () => {
  vi.useFakeTimers()
  const callback = vi.fn<() => void>()
  const handle = systemClock.setTimeout(callback, 30 * 86_400_000)
  vi.advanceTimersByTime(2 ** 31 - 2)
  expect(callback).not.toHaveBeenCalled()
  systemClock.clearTimeout(handle)
})
