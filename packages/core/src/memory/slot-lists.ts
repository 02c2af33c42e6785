import { enlarged } from './column.ts'

/** In a slot's place: no slot. Links are slots plus one, so that a zeroed array is an empty list. */
export const NO_SLOT = -1

/** Doubly linked lists of slots. A slot is in one of them at most, so they share their links. */
export class SlotLists {
  #next: Uint32Array = new Uint32Array(0)
  #previous: Uint32Array = new Uint32Array(0)
  readonly #heads: Uint32Array
  readonly #tails: Uint32Array
  readonly #sizes: Uint32Array

  constructor(lists: number) {
    this.#heads = new Uint32Array(lists)
    this.#tails = new Uint32Array(lists)
    this.#sizes = new Uint32Array(lists)
  }

  grow(capacity: number): void {
    this.#next = enlarged(this.#next, capacity + 1)
    this.#previous = enlarged(this.#previous, capacity + 1)
  }

  size(list: number): number {
    return this.#sizes[list]!
  }

  /** The slot at the front of a list; `NO_SLOT` of an empty one. */
  first(list: number): number {
    return this.#heads[list]! - 1
  }

  /** The slot at the end of a list; `NO_SLOT` of an empty one. */
  last(list: number): number {
    return this.#tails[list]! - 1
  }

  /** The slot before another, towards the front; `NO_SLOT` of the first. */
  before(slot: number): number {
    return this.#previous[slot + 1]! - 1
  }

  pushFront(list: number, slot: number): void {
    const link = slot + 1
    const head = this.#heads[list]!
    this.#previous[link] = 0
    this.#next[link] = head
    if (head === 0) this.#tails[list] = link
    else this.#previous[head] = link
    this.#heads[list] = link
    this.#sizes[list]!++
  }

  /** As `remove` and `pushFront`, in one. */
  toFront(list: number, slot: number): void {
    const link = slot + 1
    const head = this.#heads[list]!
    if (link === head) return
    // One that is not the head has another before it, and the list a head to be put before.
    const next = this.#next[link]!
    const previous = this.#previous[link]!
    this.#next[previous] = next
    if (next === 0) this.#tails[list] = previous
    else this.#previous[next] = previous
    this.#previous[link] = 0
    this.#next[link] = head
    this.#previous[head] = link
    this.#heads[list] = link
  }

  remove(list: number, slot: number): void {
    const link = slot + 1
    const next = this.#next[link]!
    const previous = this.#previous[link]!
    if (previous === 0) this.#heads[list] = next
    else this.#next[previous] = next
    if (next === 0) this.#tails[list] = previous
    else this.#previous[next] = previous
    this.#sizes[list]!--
  }

  clear(): void {
    this.#heads.fill(0)
    this.#tails.fill(0)
    this.#sizes.fill(0)
  }
}
