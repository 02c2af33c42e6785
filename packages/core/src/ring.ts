import type { LogRecord } from './shared-store.ts'

type Remembered = Pick<LogRecord, 'stamp' | 'keys' | 'tags' | 'soft' | 'lagMs'>

/**
 * The last invalidations this process has seen, to repeat them when the shared tier was taken back in time.
 * Bounded by the number of names it holds.
 */
export class InvalidationRing {
  readonly #limit: number
  /** In the order seen; those before `first` are forgotten. */
  #records: Remembered[] = []
  #first = 0
  readonly #stamps = new Set<number>()
  #names = 0
  #since = Infinity

  /** @param limit the most keys and tags to remember */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Forgets everything: what came before `stamp` was never seen. */
  restart(stamp: number): void {
    this.#records = []
    this.#first = 0
    this.#stamps.clear()
    this.#names = 0
    this.#since = stamp
  }

  push(record: Remembered): void {
    if (this.#stamps.has(record.stamp)) return
    this.#stamps.add(record.stamp)
    this.#records.push(record)
    this.#names += record.keys.length + record.tags.length
    while (this.#names > this.#limit) this.#forgetOldest()
  }

  /** What was seen after `stamp`; `undefined` when not all of it is remembered. */
  after(stamp: number): readonly Remembered[] | undefined {
    return stamp < this.#since ? undefined : this.#records.slice(this.#first).filter((record) => record.stamp > stamp)
  }

  #forgetOldest(): void {
    const { stamp, keys, tags } = this.#records[this.#first++]!
    this.#stamps.delete(stamp)
    this.#names -= keys.length + tags.length
    this.#since = Math.max(this.#since, stamp)
    // All at once now and then: a long array is not moved for each record.
    if (this.#first < this.#records.length / 2) return
    this.#records = this.#records.slice(this.#first)
    this.#first = 0
  }
}
