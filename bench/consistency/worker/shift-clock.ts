/**
 * A machine whose clock is off: its wall clock tells another time, and so does everything that is anchored to it. Must
 * run before the library is imported.
 */
export function shiftClock(ms: number): void {
  if (ms === 0) return
  const { now } = Date
  Date.now = () => now() + ms
  const origin = performance.timeOrigin + ms
  Object.defineProperty(performance, 'timeOrigin', { get: () => origin })
}
