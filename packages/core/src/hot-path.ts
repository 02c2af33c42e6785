import type { CoarseClock } from './clock.ts'
import type { EntryColumns } from './memory/entry-columns.ts'
import type { MemoryStore } from './memory/memory-store.ts'
import type { EvictionPolicy } from './memory/policy.ts'
import type { StampTable } from './stamp-table.ts'

/** Of the count of hits, those bits that are all 0 when the time is to be asked for again, within one turn as well. */
const HITS_IN_A_ROW = 0xff

/** All that a memory hit reads and writes, in one object: fewer steps from one to the next. */
export class HotPath {
  readonly columns: EntryColumns
  readonly #policy: EvictionPolicy
  readonly #clock: CoarseClock
  readonly #tags: StampTable
  #until = 0
  /** This turn's time, where it is held; else `Infinity`, at which nothing is fresh: one comparison for both. */
  #now = Infinity
  /** Hits that were counted here. */
  hits = 0

  constructor(memory: MemoryStore, clock: CoarseClock, tags: StampTable) {
    this.columns = memory.columns
    this.#policy = memory.policy
    this.#clock = clock
    this.#tags = tags
    clock.onRelease = () => (this.#now = Infinity)
  }

  /**
   * Until when, on this machine's clock, a fresh entry may be handed out as it is. 0 where a hit is more than that: a
   * copy, a read strategy's business, an event somebody listens to.
   */
  set until(until: number) {
    this.#until = until
    this.#now = Infinity
  }

  /** Whether the value in a slot may be handed out as it is. If so, that was a hit. */
  serves(slot: number): boolean {
    if (!this.columns.isServable(slot, this.#now, this.#tags.epoch)) return this.#now === Infinity && this.#servesNow(slot)
    this.#policy.onHit(slot)
    if ((++this.hits & HITS_IN_A_ROW) === 0) this.#clock.release()
    return true
  }

  #servesNow(slot: number): boolean {
    const now = this.#clock.now()
    if (now >= this.#until || !this.columns.isServable(slot, now, this.#tags.epoch)) return false
    if (this.#clock.isHeld) this.#now = now
    this.#policy.onHit(slot)
    this.hits++
    return true
  }
}
