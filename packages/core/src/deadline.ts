import type { Clock, TimerHandle } from './clock.ts'

/**
 * The operation's outcome, or a rejection with `late()` when it takes longer than `ms`. A late outcome is dropped.
 */
export function withDeadline<T>(clock: Clock, ms: number, operation: Promise<T>, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = ms < Infinity ? clock.setTimeout(() => reject(late()), ms) : undefined
    const end = (): void => clock.clearTimeout(timer)
    operation.then(end, end)
    operation.then(resolve, reject)
  })
}

/** Resolves when what is begun has ended, however it does, and after `ms` at the latest. */
export async function ended(clock: Clock, ms: number, begin: () => Promise<unknown>): Promise<void> {
  try {
    await withDeadline(clock, ms, begin(), () => new Error('late'))
  } catch {
    // Whoever only wants it to end has nothing to do about it.
  }
}

/** Is told how each operation ended, before whoever waits for it. */
export interface Judge {
  succeeded(): void
  /** @param ticket what `run` was given */
  failed(error: unknown, ticket: number): void
}

/** An operation in the queue: a link of a list, so that one that ends leaves nothing behind. */
class Running {
  readonly until: number
  readonly fail: (error: unknown) => void
  next: Running | undefined
  previous: Running | undefined

  constructor(until: number, fail: (error: unknown) => void) {
    this.until = until
    this.fail = fail
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
  readonly #judge: Judge | undefined
  #oldest: Running | undefined
  #newest: Running | undefined
  #timer: TimerHandle

  /** @param late makes the error of an operation that took longer than `ms` */
  constructor(clock: Clock, ms: number, late: () => Error, judge?: Judge) {
    this.#clock = clock
    this.#ms = ms
    this.#late = late
    this.#judge = judge
  }

  /** The operation's outcome, or a rejection when it takes too long. A late outcome is dropped. */
  run<T>(operation: Promise<T>, ticket = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.#judge?.failed(error, ticket)
        reject(error as Error)
      }
      const running = new Running(this.#clock.now() + this.#ms, fail)
      this.#append(running)
      operation.then(
        (value) => {
          if (!this.#remove(running)) return
          this.#judge?.succeeded()
          resolve(value)
        },
        (error: unknown) => {
          if (this.#remove(running)) fail(error)
        },
      )
    })
  }

  /** Rejects what is under way. */
  end(reason: Error): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    for (let running = this.#oldest; running !== undefined; running = this.#oldest) this.#giveUp(running, reason)
  }

  #append(running: Running): void {
    running.previous = this.#newest
    if (this.#newest === undefined) this.#oldest = running
    else this.#newest.next = running
    this.#newest = running
    if (this.#timer === undefined) this.#set(this.#ms)
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

  #giveUp(running: Running, reason: Error): void {
    this.#remove(running)
    running.fail(reason)
  }

  #set(ms: number): void {
    this.#timer = this.#clock.setTimeout(this.#check, ms)
  }

  readonly #check = (): void => {
    this.#timer = undefined
    const now = this.#clock.now()
    for (let running = this.#oldest; running !== undefined && running.until <= now; running = this.#oldest) this.#giveUp(running, this.#late())
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
