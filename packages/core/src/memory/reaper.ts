import type { Clock, TimerHandle } from '../clock.ts'
import { ExpiryWheel } from './expiry-wheel.ts'

/** Of the wheel. What ends is taken out at most two of them later: within a second. */
const TICK_MS = 500
/** Slots that are looked at in one turn of the event loop. */
const MOST_OF_A_TURN = 1_000

const tickOf = (ms: number): number => Math.ceil(ms / TICK_MS)

/** Takes out what has ended, soon after it has, a bounded number of slots at a time. Idle while nothing has an end. */
export class Reaper {
  readonly #clock: Clock
  readonly #endOf: (slot: number) => number
  readonly #onDue: (slot: number) => void
  readonly #wheel = new ExpiryWheel()
  #timer: TimerHandle
  /** The tick for which the timer is set. */
  #wakes = Infinity

  /** @param endOf when a slot ends, in ms */
  constructor(clock: Clock, endOf: (slot: number) => number, onDue: (slot: number) => void) {
    this.#clock = clock
    this.#endOf = (slot) => tickOf(endOf(slot))
    this.#onDue = onDue
  }

  grow(capacity: number): void {
    this.#wheel.grow(capacity)
  }

  /** @param end in ms; `Infinity` for never */
  schedule(slot: number, end: number, now: number): void {
    if (end === Infinity) return this.#wheel.cancel(slot)
    const tick = tickOf(end)
    this.#wheel.schedule(slot, tick, Math.floor(now / TICK_MS))
    if (tick < this.#wakes) this.#wake(this.#wheel.next)
  }

  cancel(slot: number): void {
    this.#wheel.cancel(slot)
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
