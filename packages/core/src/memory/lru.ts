import type { EvictionPolicy } from './policy.ts'

/** No slot. Slots are numbered from 1 in the links, so that a zeroed array is an empty list. */
const NONE = 0

/** Least recently used: a doubly linked list in two typed arrays, the most recently used slot in front. */
export class Lru implements EvictionPolicy {
  readonly name = 'lru'
  #next = new Uint32Array(0)
  #previous = new Uint32Array(0)
  #head = NONE
  #tail = NONE

  grow(capacity: number): void {
    this.#next = enlarged(this.#next, capacity + 1)
    this.#previous = enlarged(this.#previous, capacity + 1)
  }

  onInsert(slot: number): void {
    this.#pushFront(slot + 1)
  }

  onHit(slot: number): void {
    const link = slot + 1
    const head = this.#head
    if (link === head) return
    // Unlink and push in one: a link that is not the head has one before it, and the list a head to push before.
    const next = this.#next
    const previous = this.#previous
    const before = previous[link]!
    const after = next[link]!
    next[before] = after
    if (after === NONE) this.#tail = before
    else previous[after] = before
    previous[link] = NONE
    next[link] = head
    previous[head] = link
    this.#head = link
  }

  onRemove(slot: number): void {
    this.#unlink(slot + 1)
  }

  victim(): number {
    return this.#tail - 1
  }

  clear(): void {
    this.#head = NONE
    this.#tail = NONE
  }

  #pushFront(link: number): void {
    this.#previous[link] = NONE
    this.#next[link] = this.#head
    if (this.#head === NONE) this.#tail = link
    else this.#previous[this.#head] = link
    this.#head = link
  }

  #unlink(link: number): void {
    const next = this.#next[link]!
    const previous = this.#previous[link]!
    if (previous === NONE) this.#head = next
    else this.#next[previous] = next
    if (next === NONE) this.#tail = previous
    else this.#previous[next] = previous
  }
}

function enlarged(links: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length)
  larger.set(links)
  return larger
}
