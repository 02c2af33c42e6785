import { ReuseDistance } from './reuse-distance.ts'

/** A cache of hashes alone, to see how many of the requests it is shown it would have answered. */
export class Miniature {
  readonly #capacity: number
  readonly #queues: ReuseDistance
  readonly #slots = new Map<number, number>()
  readonly #hashes: Uint32Array
  #unused = 0

  constructor(capacity: number, share: number) {
    this.#capacity = capacity
    this.#queues = new ReuseDistance(share, (slot) => this.#hashes[slot]!)
    this.#hashes = new Uint32Array(capacity + 1)
    this.#queues.grow(capacity + 1)
  }

  /** Says whether it was a hit. */
  request(hash: number): boolean {
    const slot = this.#slots.get(hash)
    if (slot !== undefined) {
      this.#queues.use(slot)
      return true
    }
    const free = this.#unused
    this.#slots.set(hash, free)
    this.#hashes[free] = hash
    this.#queues.insert(free, hash, false)
    if (this.#queues.count <= this.#capacity) {
      this.#unused++
      return false
    }
    const victim = this.#queues.victim()
    this.#queues.remove(victim)
    this.#slots.delete(this.#hashes[victim]!)
    this.#unused = victim
    return false
  }
}
