import type { Clock } from './clock.ts'

/**
 * The operation's outcome, or a rejection with `late()` when it takes longer than `ms`. A late outcome is dropped.
 */
export function withDeadline<T>(clock: Clock, ms: number, operation: Promise<T>, late: () => Error): Promise<T> {
  if (ms === Infinity) return operation
  return new Promise<T>((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(late()), ms)
    operation.then(
      (value) => {
        clock.clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clock.clearTimeout(timer)
        reject(error as Error)
      },
    )
  })
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      clock.clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
