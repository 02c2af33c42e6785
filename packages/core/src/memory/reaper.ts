import type { Clock, TimerHandle } from '../clock.ts'
import { ExpiryWheel } from './expiry-wheel.ts'

/** Of the wheel. What ends is taken out at most two of them later: within a second. */
const TICK_MS = 500
/** Slots that are looked at in one turn of the event loop. */
const MOST_OF_A_TURN = 1_000

const tickOf = (ms: number): number => Math.ceil(ms / TICK_MS)

/**
 * Takes out what has ended, soon after it has, a bounded number of slots at a time. A slot whose end moves to a later time,
 * or that is left empty, stays where it is until it is looked at: most slots change hands often before that.
 */
export class Reaper {
  readonly #clock: Clock
  readonly #endOf: (slot: number) => number
  readonly #onDue: (slot: number) => void
  readonly #wheel = new ExpiryWheel()
  #capacity = 0
  /** Nothing has ended yet, or would: then the wheel needs no room for slots. */
  #isIdle = true
  #timer: TimerHandle
  /** The tick for which the timer is set. */
  #wakes = Infinity

  /** @param endOf when a slot ends, in ms; `Infinity` for never */
  constructor(clock: Clock, endOf: (slot: number) => number, onDue: (slot: number) => void) {
    this.#clock = clock
    this.#endOf = (slot) => tickOf(endOf(slot))
    this.#onDue = onDue
  }

  grow(capacity: number): void {
    this.#capacity = capacity
    if (!this.#isIdle) this.#wheel.grow(capacity)
  }

  /** Whether the slot is looked at no later than it would have ended when it was scheduled last. */
  has(slot: number): boolean {
    return this.#wheel.has(slot)
  }

  /** @param end in ms; `Infinity` for never */
  schedule(slot: number, end: number, now: number): void {
    if (end === Infinity) return
    if (this.#isIdle) {
      this.#isIdle = false
      this.#wheel.grow(this.#capacity)
    }
    const tick = tickOf(end)
    this.#wheel.schedule(slot, tick, Math.floor(now / TICK_MS))
    if (tick < this.#wakes) this.#wake(this.#wheel.next)
  }

  clear(): void {
    this.#wheel.clear()
    this.#clock.clearTimeout(this.#timer)
    this.#wakes = Infinity
  }

  #wake(tick: number): void {
    this.#clock.clearTimeout(this.#timer)
    this.#wakes = tick
    this.#timer = this.#clock.setTimeout(this.#reap, Math.max(0, tick * TICK_MS - this.#clock.now()))
  }

  readonly #reap = (): void => {
    this.#wakes = Infinity
    this.#wheel.advance(Math.floor(this.#clock.now() / TICK_MS), MOST_OF_A_TURN, this.#endOf, this.#onDue)
    if (this.#wheel.count > 0) this.#wake(this.#wheel.next)
  }
}
