import { enlarged } from './column.ts'
import { Ghost } from './ghost.ts'
import type { EvictionPolicy, PolicySetting } from './policy.ts'
import { SlotLists } from './slot-lists.ts'

const SMALL = 0
const MAIN = 1
/** Of the entries, those of the small queue. */
const SMALL_SHARE = 0.1
const MOST_USES = 3
/** Uses in the small queue that lead to the main one. */
const ENOUGH_USES = 2

/**
 * S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP'23): what is new passes a small queue and
 * leaves early unless it is used there twice; the main queue gives what was used another round; what leaves the small
 * queue is remembered, and goes to the main queue when it comes back.
 */
export class S3Fifo implements EvictionPolicy {
  readonly name = 's3fifo'
  readonly remembers = true
  readonly #lists = new SlotLists(2)
  readonly #ghost = new Ghost()
  readonly #hashOf: (slot: number) => number
  #uses: Uint8Array = new Uint8Array(0)
  #isMain: Uint8Array = new Uint8Array(0)
  /** Entries that left the small queue: a ghost is as old as there were others after it. */
  #left = 0
  #newest = -1

  constructor({ hashOf }: PolicySetting) {
    this.#hashOf = hashOf
  }

  grow(capacity: number): void {
    this.#lists.grow(capacity)
    this.#ghost.grow(capacity)
    this.#uses = enlarged(this.#uses, capacity)
    this.#isMain = enlarged(this.#isMain, capacity)
  }

  onInsert(slot: number, hash: number): void {
    const age = this.#ghost.take(hash, this.#left)
    const isMain = age !== undefined && age <= this.#count - this.#most
    this.#newest = slot
    this.#uses[slot] = 0
    this.#put(isMain ? MAIN : SMALL, slot)
  }

  onHit(slot: number): void {
    if (this.#uses[slot]! < MOST_USES) this.#uses[slot]!++
  }

  onRemove(slot: number): void {
    this.#lists.remove(this.#isMain[slot]!, slot)
  }

  victim(): number {
    const isSmallDue = this.#lists.size(SMALL) - (this.#isMain[this.#newest] === SMALL ? 1 : 0) > 0 && this.#lists.size(MAIN) <= this.#count - this.#most
    return isSmallDue ? this.#victimOfSmall() : this.#victimOfMain()
  }

  clear(): void {
    this.#lists.clear()
    this.#ghost.clear()
  }

  get #count(): number {
    return this.#lists.size(SMALL) + this.#lists.size(MAIN) - 1
  }

  /** Entries that belong to the small queue. */
  get #most(): number {
    return Math.max(1, Math.floor(this.#count * SMALL_SHARE))
  }

  #victimOfSmall(): number {
    for (let slot = this.#lists.last(SMALL); slot >= 0 && slot !== this.#newest; slot = this.#lists.last(SMALL)) {
      if (this.#uses[slot]! < ENOUGH_USES) {
        this.#left++
        this.#ghost.put(this.#hashOf(slot), this.#left)
        return slot
      }
      this.#uses[slot] = 0
      this.#lists.remove(SMALL, slot)
      this.#put(MAIN, slot)
      if (this.#lists.size(MAIN) > this.#count - this.#most) break
    }
    return this.#victimOfMain()
  }

  #victimOfMain(): number {
    while (this.#lists.size(MAIN) > 0) {
      const slot = this.#lists.last(MAIN)
      if (slot === this.#newest) {
        if (this.#lists.size(MAIN) > 1) this.#lists.toFront(MAIN, slot)
        else if (this.#lists.size(SMALL) > 0) break
        else return slot
        continue
      }
      if (this.#uses[slot] === 0) return slot
      this.#uses[slot]!--
      this.#lists.toFront(MAIN, slot)
    }
    return this.#lists.last(SMALL)
  }

  #put(list: number, slot: number): void {
    this.#isMain[slot] = list
    this.#lists.pushFront(list, slot)
  }
}
