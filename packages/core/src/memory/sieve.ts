import { enlarged } from './column.ts'
import type { EvictionPolicy } from './policy.ts'
import { NO_SLOT, SlotLists } from './slot-lists.ts'

const ALL = 0

/**
 * SIEVE (Zhang et al., "SIEVE is Simpler than LRU", NSDI'24): a queue in order of insertion, and a hand that goes from the
 * oldest to the newest and gives up what was not used since it last came by. What it spares stays in its place, so that
 * what is new has to prove itself before the hand has reached it.
 */
export class Sieve implements EvictionPolicy {
  readonly name = 'sieve'
  readonly remembers = false
  readonly #lists = new SlotLists(1)
  #used: Uint8Array = new Uint8Array(0)
  /** Where the hand goes on; `NO_SLOT`: at the oldest. */
  #hand = NO_SLOT

  grow(capacity: number): void {
    this.#lists.grow(capacity)
    this.#used = enlarged(this.#used, capacity)
  }

  onInsert(slot: number): void {
    this.#lists.pushFront(ALL, slot)
    this.#used[slot] = 0
  }

  onHit(slot: number): void {
    this.#used[slot] = 1
  }

  onRemove(slot: number): void {
    if (slot === this.#hand) {
      const next = this.#lists.before(slot)
      this.#hand = next === this.#lists.first(ALL) ? NO_SLOT : next
    }
    this.#lists.remove(ALL, slot)
  }

  victim(): number {
    const lists = this.#lists
    // The newest is what room is needed for: the hand passes it over.
    const newest = lists.first(ALL)
    let slot = this.#hand
    for (;;) {
      if (slot === NO_SLOT || slot === newest) slot = lists.last(ALL)
      if (this.#used[slot] === 0 || slot === newest) break
      this.#used[slot] = 0
      slot = lists.before(slot)
    }
    this.#hand = slot
    return slot
  }

  clear(): void {
    this.#lists.clear()
    this.#hand = NO_SLOT
  }
}
