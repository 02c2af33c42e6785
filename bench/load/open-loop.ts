/** What the open loop needs of time. Milliseconds. */
export interface LoopClock {
  now(): number
  /** Resolves at this time, or as soon after as the event loop is free. */
  at(time: number): Promise<void>
}

/**
 * Issues every request once its time has come, however many before it are unanswered. Whoever measures from that
 * time on also counts how long the event loop was blocked.
 *
 * @param times milliseconds from `start`, ascending
 * @param start by the clock
 */
export async function openLoop(times: Float64Array, start: number, request: (index: number) => void, clock: LoopClock): Promise<void> {
  let next = 0
  while (next < times.length) {
    const elapsed = clock.now() - start
    while (next < times.length && times[next]! <= elapsed) request(next++)
    if (next < times.length) await clock.at(start + times[next]!)
  }
}
