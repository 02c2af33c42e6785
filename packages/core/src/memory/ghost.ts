const WAYS = 8
const EMPTY = 0
/** How many times as long as it takes to fill the table with new keys a time can be told from one of an earlier round. */
const ROUNDS = 4

/**
 * Remembers keys whose entries were given up, each with a time, a count of some events. A set-associative table of 4
 * bytes a key: 16 bits of its hash, and 16 of the time, rounded. The eight that share a place are forgotten in turn, so it
 * is about as good as a queue. It takes one key for another once in 8,000.
 */
export class Ghost {
  #places: Uint32Array = new Uint32Array(0)
  /** Which of the eight is the oldest. */
  #oldest: Uint8Array = new Uint8Array(0)
  #sets = 0
  /** Bits of the time that are rounded off. */
  #coarse = 0

  /** Makes room for at least `capacity` keys, and forgets all. */
  grow(capacity: number): void {
    this.#sets = Math.ceil(capacity / WAYS)
    this.#coarse = Math.max(0, Math.ceil(Math.log2(capacity * ROUNDS)) - 16)
    this.#places = new Uint32Array(this.#sets * WAYS)
    this.#oldest = new Uint8Array(this.#sets)
  }

  /** @param now counts up; it may wrap around at 2^32 */
  put(hash: number, now: number): void {
    const set = this.#setOf(hash)
    const way = this.#oldest[set]!
    this.#oldest[set] = (way + 1) % WAYS
    this.#places[set * WAYS + way] = (fingerprint(hash) << 16) | ((now >>> this.#coarse) & 0xffff)
  }

  /** How long ago a key was put here. It is forgotten by that. `undefined`: not known. */
  take(hash: number, now: number): number | undefined {
    const first = this.#setOf(hash) * WAYS
    const wanted = fingerprint(hash)
    for (let place = first; place < first + WAYS; place++) {
      const word = this.#places[place]!
      if (word >>> 16 !== wanted) continue
      this.#places[place] = EMPTY
      return (((now >>> this.#coarse) - word) & 0xffff) << this.#coarse
    }
    return undefined
  }

  clear(): void {
    this.#places.fill(EMPTY)
  }

  /** By the upper bits, so that there may be any number of sets. */
  #setOf(hash: number): number {
    return Math.floor(((hash >>> 0) / 0x1_0000_0000) * this.#sets)
  }
}

/** By the lower bits; never 0. */
const fingerprint = (hash: number): number => (hash & 0xffff) || 1
