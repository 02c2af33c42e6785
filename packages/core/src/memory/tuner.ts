import { Miniature } from './miniature.ts'
import { mixed } from './hash.ts'

/** The shares that are tried: from nearly all that distance decides, to LRU. */
const SHARES = [0.01, 0.1, 0.5, 0.99] as const
const FIRST = 1
/** Entries of a miniature: enough to tell the shares apart. */
const MINIATURE = 256
/** Requests whose outcome is one piece of evidence: what comes in bursts, as scans do, must not count as many. */
const BLOCK = 8
/** What is left of old evidence after each block. */
const DECAY = 0.99
/** Standard deviations of evidence for a smaller share, and for a larger one, whose risk is smaller. */
const SURE_SMALLER = 3
const SURE_LARGER = 2

/**
 * Finds the share of the probation that answers most requests, by trying some: each in a miniature of the cache that is
 * shown a sample of the keys (Waldspurger et al., "Cache Modeling and Optimization using Miniature Simulations", USENIX
 * ATC'17). The sample is drawn by hash, so that it has all requests of a key or none.
 */
export class Tuner {
  readonly #miniatures: readonly Miniature[]
  /** Hits of each miniature in the current block. */
  readonly #hits = new Uint32Array(SHARES.length)
  /** Of each miniature, compared to the current one: by how many hits it is ahead in all blocks, and the sum of their squares. */
  readonly #ahead = new Float64Array(SHARES.length)
  readonly #squares = new Float64Array(SHARES.length)
  readonly #limit: number
  readonly #capacity: number
  readonly #seed: number
  #requests = 0
  #current = FIRST

  /** @param capacity of the cache, in entries */
  constructor(capacity: number, seed: number, current: number = FIRST) {
    this.#capacity = Math.min(capacity, MINIATURE)
    this.#limit = Math.floor((this.#capacity / capacity) * 0xffff_ffff)
    this.#miniatures = SHARES.map((share) => new Miniature(this.#capacity, share))
    this.#seed = seed
    this.#current = current
  }

  get share(): number {
    return SHARES[this.#current]!
  }

  get current(): number {
    return this.#current
  }

  /** Whether a key belongs to the sample. */
  watches(hash: number): boolean {
    return mixed(hash ^ this.#seed) <= this.#limit
  }

  /** A request of a key of the sample. */
  request(hash: number): void {
    for (let index = 0; index < SHARES.length; index++) if (this.#miniatures[index]!.request(hash)) this.#hits[index]!++
    if (++this.#requests < BLOCK) return
    this.#requests = 0
    const own = this.#hits[this.#current]!
    for (let index = 0; index < SHARES.length; index++) {
      const ahead = this.#hits[index]! - own
      this.#ahead[index] = this.#ahead[index]! * DECAY + ahead
      this.#squares[index] = this.#squares[index]! * DECAY + ahead * ahead
      this.#hits[index] = 0
    }
    this.#choose()
  }

  /** The share that is furthest ahead and surely so: as blocks that differ at random would not be. */
  #choose(): void {
    let best = this.#current
    for (let index = 0; index < SHARES.length; index++) {
      const ahead = this.#ahead[index]!
      const sure = index > this.#current ? SURE_LARGER : SURE_SMALLER
      if (ahead > this.#ahead[best]! && ahead > sure * Math.sqrt(this.#squares[index]!)) best = index
    }
    if (best === this.#current) return
    const lead = this.#ahead[best]!
    this.#squares[this.#current] = this.#squares[best]!
    this.#squares[best] = 0
    for (let index = 0; index < SHARES.length; index++) this.#ahead[index]! -= lead
    this.#current = best
  }
}
