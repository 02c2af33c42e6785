import { mixed } from './hash.ts'

const ROWS = 4
/** Counters of a row for each entry of the cache: as many as keep apart what comes by until they are halved. */
const COUNTERS_PER_ENTRY = 4
/** After so many additions for each entry, all counters are halved. */
const SAMPLE_PER_ENTRY = 10
const MOST = 15

/**
 * How often keys were seen lately, about, and never less: a count-min sketch of 4-bit counters that are halved now and
 * then (Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS 2017). 8 to 16
 * bytes an entry.
 */
export class FrequencySketch {
  #words: Uint32Array = new Uint32Array(0)
  /** Counters of a row, less one. */
  #mask = 0
  #sample = 0
  #additions = 0

  /** Makes room for the keys of a cache of `capacity` entries. What was counted is lost when there was less. */
  grow(capacity: number): void {
    const width = 2 ** Math.ceil(Math.log2(Math.max(capacity, 8) * COUNTERS_PER_ENTRY))
    this.#sample = SAMPLE_PER_ENTRY * capacity
    if (width === this.#mask + 1) return
    this.#mask = width - 1
    this.#words = new Uint32Array((width * ROWS) / 8)
    this.#additions = 0
  }

  add(hash: number): void {
    let isAdded = false
    for (let row = 0; row < ROWS; row++) {
      const counter = this.#counter(hash, row)
      const shift = (counter & 7) * 4
      if (((this.#words[counter >>> 3]! >>> shift) & MOST) === MOST) continue
      this.#words[counter >>> 3]! += 1 << shift
      isAdded = true
    }
    if (isAdded && ++this.#additions >= this.#sample) this.#halve()
  }

  /** From 0 to 15. */
  frequency(hash: number): number {
    let least = MOST
    for (let row = 0; row < ROWS; row++) {
      const counter = this.#counter(hash, row)
      least = Math.min(least, (this.#words[counter >>> 3]! >>> ((counter & 7) * 4)) & MOST)
    }
    return least
  }

  clear(): void {
    this.#words.fill(0)
    this.#additions = 0
  }

  #counter(hash: number, row: number): number {
    return row * (this.#mask + 1) + (mixed(hash + row * 0x9e37_79b9) & this.#mask)
  }

  #halve(): void {
    for (let index = 0; index < this.#words.length; index++) this.#words[index] = (this.#words[index]! >>> 1) & 0x7777_7777
    this.#additions >>>= 1
  }
}
