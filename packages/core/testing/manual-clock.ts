import type { Clock, TimerHandle } from '../src/clock.ts'

interface Timer {
  readonly id: number
  readonly at: number
  readonly callback: () => void
}

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /**
   * Moves the time forward, runs the timers that fall due in their order, and lets what they started come to rest.
   * Rest means: promises and I/O that is ready; not work of other processes.
   */
  advance(ms: number): Promise<void>
  /** Timers that have not run. */
  readonly pending: number
}

/**
 * A clock for tests.
 *
 * @param start milliseconds since the epoch
 * @example
 * ```ts
 * const clock = manualClock()
 * const cache = createCache({ ttl: '1m', clock })
 * await cache.set('a', 1)
 * await clock.advance(60_000)
 * await cache.get('a') // undefined
 * ```
 */
export function manualClock(start = 1_700_000_000_000): ManualClock {
  let now = start
  let lastId = 0
  const timers = new Map<number, Timer>()
  const next = (until: number): Timer | undefined =>
    [...timers.values()].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at || a.id - b.id)[0]
  return {
    now: () => now,
    setTimeout: (callback, ms) => {
      const id = ++lastId
      timers.set(id, { id, at: now + Math.max(0, ms), callback })
      return id
    },
    clearTimeout: (handle: TimerHandle) => void timers.delete(handle as number),
    get pending() {
      return timers.size
    },
    advance: async (ms) => {
      const until = now + ms
      await rest()
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer.id)
        now = timer.at
        timer.callback()
        await rest()
      }
      now = until
      await rest()
    },
  }
}

/** Lets promises, ticks and ready I/O run. A few turns, because each may start another. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A clock that is wrong by a fixed amount. */
export function skewedClock(clock: Clock, offsetMs: number): Clock {
  return {
    now: () => clock.now() + offsetMs,
    setTimeout: (callback, ms) => clock.setTimeout(callback, ms),
    clearTimeout: (handle) => clock.clearTimeout(handle),
  }
}
