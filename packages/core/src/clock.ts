/**
 * Time as the cache sees it. Injected, so that tests move it by hand (`manualClock()` of
 * `@stratacache/core/testing`).
 */
export interface Clock {
  /** Milliseconds since the epoch. Must never go backwards. */
  now(): number
  /** Calls `callback` once after `ms` milliseconds. Must not keep the process alive. */
  setTimeout(callback: () => void, ms: number): TimerHandle
  clearTimeout(handle: TimerHandle): void
}

/** What `Clock.setTimeout` returned; opaque. */
export type TimerHandle = unknown

/** What a timer of Node can be set to (ms): one of more goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * The machine's clock: anchored to the wall clock when the module loads, monotonic from then on, so that a
 * stepped wall clock neither expires entries early nor keeps them alive.
 */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(ms, LONGEST_TIMER)).unref(),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
}

/** Reads of the real clock in a row before the time is held. */
const EAGER_READS = 8
/** Reads further apart than this are not in a row: most likely they are not of one turn. In ms. */
const SAME_TURN = 0.01
/** Reads answered from the held time before the real clock is asked again, even within one turn. */
const HELD_READS = 255

/**
 * A clock for the hot path: within one turn of the event loop it asks the machine a few times, then holds the
 * answer until the turn ends. A process that was stopped and resumed therefore never reads the time of before.
 */
export class CoarseClock {
  /** Called when the time that was held is so no longer. */
  onRelease: () => void = () => {}
  readonly #clock: Clock
  readonly #hold: boolean
  #held = 0
  #left = 0
  #reads = 0
  #releasing = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#hold = clock === systemClock
  }

  now(): number {
    if (this.#left > 0) this.#left--
    else this.#read()
    // In one place for both: two returns would make a number on the heap of it, each time.
    return this.#held
  }

  #read(): void {
    const now = this.#clock.now()
    // While an immediate is due it is the same turn for sure.
    this.#reads = this.#releasing || now - this.#held <= SAME_TURN ? this.#reads + 1 : 0
    this.#held = now
    this.onRelease()
    if (this.#hold && this.#reads >= EAGER_READS) {
      this.#left = HELD_READS
      if (!this.#releasing) {
        this.#releasing = true
        // Not unref'd on purpose: only a referenced immediate keeps the loop from blocking in poll, and the
        // callbacks that follow a poll must not see the time of before it.
        setImmediate(this.#endTurn)
      }
    }
  }

  /** Whether the next read is answered with the same time again. */
  get isHeld(): boolean {
    return this.#left > 0
  }

  /** The next read asks the machine. */
  release(): void {
    this.#left = 0
    this.onRelease()
  }

  readonly #endTurn = (): void => {
    this.#releasing = false
    this.#reads = 0
    this.release()
  }
}
