import type { LogRecord } from './shared-store.ts'

type Remembered = Pick<LogRecord, 'stamp' | 'keys' | 'tags' | 'soft'>

/**
 * The last invalidations this process has seen, to repeat them when the shared tier was taken back in time.
 * Bounded by the number of names it holds.
 */
export class InvalidationRing {
  readonly #limit: number
  /** By stamp, in the order seen. */
  readonly #records = new Map<number, Remembered>()
  #names = 0
  #since = Infinity

  /** @param limit the most keys and tags to remember */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Forgets everything: what came before `stamp` was never seen. */
  restart(stamp: number): void {
    this.#records.clear()
    this.#names = 0
    this.#since = stamp
  }

  push(record: Remembered): void {
    if (this.#records.has(record.stamp)) return
    this.#records.set(record.stamp, record)
    this.#names += record.keys.length + record.tags.length
    for (const [stamp, oldest] of this.#records) {
      if (this.#names <= this.#limit) break
      this.#records.delete(stamp)
      this.#names -= oldest.keys.length + oldest.tags.length
      this.#since = Math.max(this.#since, stamp)
    }
  }

  /** What was seen after `stamp`; `undefined` when not all of it is remembered. */
  after(stamp: number): readonly Remembered[] | undefined {
    return stamp < this.#since ? undefined : [...this.#records.values()].filter((record) => record.stamp > stamp)
  }
}
