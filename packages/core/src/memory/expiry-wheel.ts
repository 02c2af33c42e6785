import { enlarged } from './column.ts'

/** One turn of the lowest wheel is as many ticks; each wheel above turns as many times slower. */
const SPOKES = 64
const WHEELS = 4
const SPOKE_BITS = 6
const LAST = SPOKES ** WHEELS - 1
const HEADS = SPOKES * WHEELS

/**
 * Which slots end when: hierarchical timing wheels (Varghese and Lauck, SOSP'87). To begin, to move and to end costs the
 * same however many there are. Time is counted in ticks; what ends later than 64^4 of them is looked at again then.
 */
export class ExpiryWheel {
  /* Circular lists, each with a head that is no slot. A slot's link is its number plus the heads; 0 is in no list. */
  #next: Uint32Array = new Uint32Array(HEADS + 1)
  #previous: Uint32Array = new Uint32Array(HEADS + 1)
  /** In ticks; whatever ends by then is due. */
  #now = 0
  #count = 0
  /** Some of what is due now was left for later. */
  #isTurning = false

  constructor() {
    this.clear()
  }

  get count(): number {
    return this.#count
  }

  /** The next tick at which there may be something to do; at most one turn of the lowest wheel away. */
  get next(): number {
    if (this.#isTurning) return this.#now
    let tick = this.#now + 1
    while (tick % SPOKES !== 0 && this.#next[headOf(0, tick)] === headOf(0, tick)) tick++
    return tick
  }

  grow(capacity: number): void {
    this.#next = enlarged(this.#next, HEADS + 1 + capacity)
    this.#previous = enlarged(this.#previous, HEADS + 1 + capacity)
  }

  has(slot: number): boolean {
    return this.#next[HEADS + 1 + slot]! > 0
  }

  /** @param end in ticks; one that has passed is due with the next */
  schedule(slot: number, end: number, now: number): void {
    if (this.#count === 0) this.#now = now
    this.cancel(slot)
    this.#count++
    this.#link(slot, end)
  }

  cancel(slot: number): void {
    const link = HEADS + 1 + slot
    const next = this.#next[link]!
    if (next === 0) return
    const previous = this.#previous[link]!
    this.#next[previous] = next
    this.#previous[next] = previous
    this.#next[link] = 0
    this.#count--
  }

  /**
   * Moves on towards `now`, and takes out slots whose time has come, `most` of them or those of so many ticks. Says
   * whether it has arrived there.
   *
   * @param endOf when a slot ends, in ticks; one whose end is `Infinity` is let go of
   */
  advance(now: number, most: number, endOf: (slot: number) => number, onDue: (slot: number) => void): boolean {
    for (let left = most; this.#now < now || this.#isTurning; left--) {
      if (left <= 0) return false
      if (this.#count === 0) break
      if (!this.#isTurning) this.#now++
      this.#isTurning = true
      for (let wheel = WHEELS - 1; wheel >= 0; wheel--) {
        // What stands on a spoke that begins goes down a wheel; from the lowest, it is due.
        if (this.#now % SPOKES ** wheel !== 0) continue
        const head = headOf(wheel, this.#now / SPOKES ** wheel)
        for (let link = this.#next[head]!; link !== head; link = this.#next[head]!) {
          if (left-- <= 0) return false
          const slot = link - HEADS - 1
          const end = endOf(slot)
          this.cancel(slot)
          if (end <= this.#now) onDue(slot)
          else if (end < Infinity) this.schedule(slot, end, this.#now)
        }
      }
      this.#isTurning = false
    }
    this.#isTurning = false
    this.#now = Math.max(this.#now, now)
    return true
  }

  clear(): void {
    this.#next.fill(0)
    for (let head = 1; head <= HEADS; head++) {
      this.#next[head] = head
      this.#previous[head] = head
    }
    this.#count = 0
    this.#isTurning = false
  }

  #link(slot: number, end: number): void {
    const ticks = Math.min(Math.max(end - this.#now, 1), LAST)
    const wheel = Math.floor((31 - Math.clz32(ticks)) / SPOKE_BITS)
    const head = headOf(wheel, Math.floor((this.#now + ticks) / SPOKES ** wheel))
    const link = HEADS + 1 + slot
    const first = this.#next[head]!
    this.#next[link] = first
    this.#previous[link] = head
    this.#previous[first] = link
    this.#next[head] = link
  }
}

const headOf = (wheel: number, turn: number): number => 1 + wheel * SPOKES + (turn % SPOKES)
