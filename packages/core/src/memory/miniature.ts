import { ReuseDistance } from './reuse-distance.ts'

/** At the end of a chain. Links are slots plus one, so that a zeroed array has none. */
const END = 0

/**
 * A cache of hashes alone, to see how many of the requests it is shown it would have answered. Of at most 65,534 entries.
 * They are found by chains of slots: a `Map` would take four times as much memory, and twice the time.
 */
export class Miniature {
  readonly #capacity: number
  readonly #queues: ReuseDistance
  readonly #hashes: Int32Array
  /** By the hash's lower bits, the first slot of a chain; by slot, the next one. */
  readonly #chains: Uint16Array
  readonly #next: Uint16Array
  #unused = 0

  constructor(capacity: number, share: number) {
    this.#capacity = capacity
    this.#queues = new ReuseDistance(share, (slot) => this.#hashes[slot]!)
    this.#hashes = new Int32Array(capacity + 1)
    this.#chains = new Uint16Array(2 ** Math.ceil(Math.log2(capacity + 1)))
    this.#next = new Uint16Array(capacity + 1)
    this.#queues.grow(capacity + 1)
  }

  /** Says whether it was a hit. */
  request(hash: number): boolean {
    const chain = this.#chainOf(hash)
    for (let link = this.#chains[chain]!; link !== END; link = this.#next[link - 1]!) {
      if (this.#hashes[link - 1] !== hash) continue
      this.#queues.use(link - 1)
      return true
    }
    const free = this.#unused
    this.#hashes[free] = hash
    this.#next[free] = this.#chains[chain]!
    this.#chains[chain] = free + 1
    this.#queues.insert(free, hash, false)
    if (this.#queues.count <= this.#capacity) this.#unused++
    else this.#giveUp(this.#queues.victim())
    return false
  }

  #giveUp(victim: number): void {
    this.#queues.remove(victim)
    this.#unused = victim
    const chain = this.#chainOf(this.#hashes[victim]!)
    if (this.#chains[chain] === victim + 1) {
      this.#chains[chain] = this.#next[victim]!
      return
    }
    let before = this.#chains[chain]! - 1
    while (this.#next[before] !== victim + 1) before = this.#next[before]! - 1
    this.#next[before] = this.#next[victim]!
  }

  #chainOf(hash: number): number {
    return hash & (this.#chains.length - 1)
  }
}
