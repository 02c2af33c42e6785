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

interface Running {
  readonly until: number
  readonly expire: () => void
  ended: boolean
}

/**
 * One deadline for many operations: they end in about the order they began, so one timer, set for the oldest, is
 * enough, and most of the time it is not even reset.
 */
export class DeadlineQueue {
  readonly #clock: Clock
  readonly #ms: number
  readonly #late: () => Error
  #running: Running[] = []
  #isSet = false

  /** @param late makes the error of an operation that took longer than `ms` */
  constructor(clock: Clock, ms: number, late: () => Error) {
    this.#clock = clock
    this.#ms = ms
    this.#late = late
  }

  /** The operation's outcome, or a rejection when it takes too long. A late outcome is dropped. */
  run<T>(operation: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const running: Running = { until: this.#clock.now() + this.#ms, expire: () => reject(this.#late()), ended: false }
      this.#running.push(running)
      if (!this.#isSet) this.#set(this.#ms)
      operation.then(
        (value) => {
          running.ended = true
          resolve(value)
        },
        (error: unknown) => {
          running.ended = true
          reject(error as Error)
        },
      )
    })
  }

  #set(ms: number): void {
    this.#isSet = true
    this.#clock.setTimeout(this.#check, ms)
  }

  readonly #check = (): void => {
    this.#isSet = false
    const now = this.#clock.now()
    this.#running = this.#running.filter(({ ended }) => !ended)
    for (const running of this.#running) if (running.until <= now) running.expire()
    this.#running = this.#running.filter(({ until }) => until > now)
    const [oldest] = this.#running
    if (oldest !== undefined) this.#set(oldest.until - now)
  }
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
