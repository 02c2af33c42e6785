const WAYS = 8
const EMPTY = 0
/** How many times as long as it takes to fill the table with new keys a time can be told from one of an earlier round. */
const ROUNDS = 4

/**
 * Remembers keys whose entries were given up, each with a time, a count of some events. A set-associative table of 4
 * bytes a key: 16 bits of its hash, and 16 of the time, rounded. Full, it forgets the oldest of the eight that share a
 * place, so it is about as good as a queue. It takes one key for another once in 8,000.
 */
export class Ghost {
  #places: Uint32Array = new Uint32Array(0)
  #sets = 0
  /** Bits of the time that are rounded off. */
  #coarse = 0

  /** Makes room for at least `capacity` keys, and forgets all. */
  grow(capacity: number): void {
    this.#sets = Math.ceil(capacity / WAYS)
    this.#coarse = Math.max(0, Math.ceil(Math.log2(capacity * ROUNDS)) - 16)
    this.#places = new Uint32Array(this.#sets * WAYS)
  }

  /** @param now counts up; it may wrap around at 2^32 */
  put(hash: number, now: number): void {
    const first = this.#first(hash)
    let chosen = first
    for (let place = first; place < first + WAYS; place++) {
      if (this.#places[place] === EMPTY) {
        chosen = place
        break
      }
      if (this.#age(place, now) > this.#age(chosen, now)) chosen = place
    }
    this.#places[chosen] = (fingerprint(hash) << 16) | ((now >>> this.#coarse) & 0xffff)
  }

  /** How long ago a key was put here. It is forgotten by that. `undefined`: not known. */
  take(hash: number, now: number): number | undefined {
    const first = this.#first(hash)
    const wanted = fingerprint(hash)
    for (let place = first; place < first + WAYS; place++) {
      if (this.#places[place]! >>> 16 !== wanted) continue
      const age = this.#age(place, now)
      this.#places[place] = EMPTY
      return age
    }
    return undefined
  }

  clear(): void {
    this.#places.fill(EMPTY)
  }

  /** By the upper bits, so that there may be any number of sets. */
  #first(hash: number): number {
    return Math.floor((hash / 0x1_0000_0000) * this.#sets) * WAYS
  }

  #age(place: number, now: number): number {
    return (((now >>> this.#coarse) - this.#places[place]!) & 0xffff) << this.#coarse
  }
}

/** By the lower bits; never 0. */
const fingerprint = (hash: number): number => (hash & 0xffff) || 1
