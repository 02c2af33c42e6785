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

/** Is told how each operation ended, before whoever waits for it. */
export interface Judge {
  succeeded(): void
  failed(error: unknown): void
}

/** An operation in the queue: a link of a list, so that one that ends leaves nothing behind. */
class Running {
  readonly until: number
  readonly expire: () => void
  next: Running | undefined
  previous: Running | undefined

  constructor(until: number, expire: () => void) {
    this.until = until
    this.expire = expire
  }
}

/**
 * One deadline for many operations: they are due in the order they began, so one timer, set for the oldest, is
 * enough, and most of the time it is not even reset.
 */
export class DeadlineQueue {
  readonly #clock: Clock
  readonly #ms: number
  readonly #late: () => Error
  readonly #judge: Judge
  #oldest: Running | undefined
  #newest: Running | undefined
  #isSet = false

  /** @param late makes the error of an operation that took longer than `ms` */
  constructor(clock: Clock, ms: number, late: () => Error, judge: Judge) {
    this.#clock = clock
    this.#ms = ms
    this.#late = late
    this.#judge = judge
  }

  /** The operation's outcome, or a rejection when it takes too long. A late outcome is dropped. */
  run<T>(operation: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.#judge.failed(error)
        reject(error as Error)
      }
      const running = new Running(this.#clock.now() + this.#ms, () => fail(this.#late()))
      this.#append(running)
      operation.then(
        (value) => {
          if (!this.#remove(running)) return
          this.#judge.succeeded()
          resolve(value)
        },
        (error: unknown) => {
          if (this.#remove(running)) fail(error)
        },
      )
    })
  }

  #append(running: Running): void {
    running.previous = this.#newest
    if (this.#newest === undefined) this.#oldest = running
    else this.#newest.next = running
    this.#newest = running
    if (!this.#isSet) this.#set(this.#ms)
  }

  /** Says whether it was there. */
  #remove(running: Running): boolean {
    const { next, previous } = running
    if (next === undefined && this.#newest !== running) return false
    if (previous === undefined) this.#oldest = next
    else previous.next = next
    if (next === undefined) this.#newest = previous
    else next.previous = previous
    running.next = undefined
    running.previous = undefined
    return true
  }

  #set(ms: number): void {
    this.#isSet = true
    this.#clock.setTimeout(this.#check, ms)
  }

  readonly #check = (): void => {
    this.#isSet = false
    const now = this.#clock.now()
    for (let running = this.#oldest; running !== undefined && running.until <= now; running = this.#oldest) {
      this.#remove(running)
      running.expire()
    }
    if (this.#oldest !== undefined) this.#set(this.#oldest.until - now)
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
