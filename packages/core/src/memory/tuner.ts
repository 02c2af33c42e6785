import { Contest } from './contest.ts'
import { mixed } from './hash.ts'
import { Miniature } from './miniature.ts'

/** The shares that are tried: nearly all that distance decides, some recency, LRU. */
const SHARES = [0.01, 0.1, 1] as const
const FIRST = 1
/** Entries of a miniature: the eighth of the cache's, but enough to tell the shares apart, and no more than that takes. */
const [LEAST, MOST] = [512, 1_024]
const EIGHTH = 1 / 8

/**
 * Finds the share of the probation that answers most requests, by trying some: each in a miniature of the cache that is
 * shown a sample of the keys (Waldspurger et al., "Cache Modeling and Optimization using Miniature Simulations", USENIX
 * ATC'17). The sample is drawn by hash, so that it has all requests of a key or none. The miniatures' hits are a contest.
 */
export class Tuner {
  readonly #miniatures: readonly Miniature[]
  readonly #contest: Contest
  readonly #limit: number
  readonly #seed: number

  /** @param capacity of the cache, in entries */
  constructor(capacity: number, seed: number, current: number = FIRST) {
    const size = Math.min(capacity, Math.max(LEAST, Math.min(MOST, Math.floor(capacity * EIGHTH))))
    this.#limit = Math.floor((size / capacity) * 0xffff_ffff)
    this.#miniatures = SHARES.map((share) => new Miniature(size, share))
    this.#contest = new Contest(SHARES.length, current)
    this.#seed = seed
  }

  get share(): number {
    return SHARES[this.current]!
  }

  get current(): number {
    return this.#contest.followed
  }

  /** Whether a key belongs to the sample. */
  watches(hash: number): boolean {
    return mixed(hash ^ this.#seed) >>> 0 <= this.#limit
  }

  /** A request of a key of the sample. */
  request(hash: number): void {
    let answers = 0
    for (let index = 0; index < SHARES.length; index++) if (this.#miniatures[index]!.request(hash)) answers |= 1 << index
    this.#contest.round(answers)
  }
}
