import { setTimeout as delay } from 'node:timers/promises'

/** A source that takes a while for each call, whatever it is called with, and counts them. */
export class SlowSource {
  calls = 0
  /** Milliseconds; 0: it answers at once. */
  ms: number
  readonly #limit: number
  #under = 0
  readonly #waiting: (() => void)[] = []

  /** @param limit the most calls at a time: those that a pool has connections for */
  constructor(ms: number, limit: number = Infinity) {
    this.ms = ms
    this.#limit = limit
  }

  call(): void | Promise<void> {
    this.calls++
    return this.ms === 0 ? undefined : this.#take()
  }

  async #take(): Promise<void> {
    if (this.#under === this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#under++
    await delay(this.ms)
    const next = this.#waiting.shift()
    if (next === undefined) this.#under--
    else next()
  }
}
