import type { EvictionPolicy } from './policy.ts'
import { SlotLists } from './slot-lists.ts'

const ALL = 0

/** Least recently used: a list that a hit moves its slot to the front of. Exact, well known, and flushed by every scan. */
export class Lru implements EvictionPolicy {
  readonly name = 'lru'
  readonly remembers = false
  readonly #lists = new SlotLists(1)

  grow(capacity: number): void {
    this.#lists.grow(capacity)
  }

  onInsert(slot: number): void {
    this.#lists.pushFront(ALL, slot)
  }

  onHit(slot: number): void {
    this.#lists.toFront(ALL, slot)
  }

  onRemove(slot: number): void {
    this.#lists.remove(ALL, slot)
  }

  victim(): number {
    return this.#lists.last(ALL)
  }

  clear(): void {
    this.#lists.clear()
  }
}
