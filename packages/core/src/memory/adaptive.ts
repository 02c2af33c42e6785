import type { EvictionPolicy, PolicySetting } from './policy.ts'
import { ReuseDistance } from './reuse-distance.ts'
import { Tuner } from './tuner.ts'

/** Hits of watched slots between two inserts that are shown to the tuner. More of them would tell nothing new. */
const MOST_PENDING = 64
/** The count of entries may be off by that before the tuner starts again with another sample. */
const TOLERANCE = 1.5

/**
 * Between recency and distance of reuse, whatever answers more of the requests: `ReuseDistance` with a probation whose
 * share the `Tuner` finds. A hit writes one word; what it means to the tuner waits for the next insert.
 */
export class Adaptive implements EvictionPolicy {
  readonly name = 'adaptive'
  readonly remembers = true
  readonly #seed: number
  readonly #queues: ReuseDistance
  readonly #hashOf: (slot: number) => number
  readonly #pending = new Uint32Array(MOST_PENDING)
  #tuner: Tuner
  #fits: number
  #waiting = 0

  constructor({ maxEntries, random, hashOf }: PolicySetting) {
    this.#seed = Math.floor(random() * 0x1_0000_0000) | 0
    this.#fits = Math.min(maxEntries, 0xffff_ffff)
    this.#tuner = new Tuner(this.#fits, this.#seed)
    this.#queues = new ReuseDistance(this.#tuner.share, hashOf)
    this.#hashOf = hashOf
  }

  grow(capacity: number): void {
    this.#queues.grow(capacity)
  }

  onHit(slot: number): void {
    if (this.#queues.use(slot) && this.#waiting < MOST_PENDING) this.#pending[this.#waiting++] = slot
  }

  onInsert(slot: number, hash: number): void {
    const isWatched = this.#tuner.watches(hash)
    if (this.#waiting > 0) this.#catchUp()
    if (isWatched) this.#tuner.request(hash)
    this.#queues.share = this.#tuner.share
    this.#queues.insert(slot, hash, isWatched)
  }

  onRemove(slot: number): void {
    if (this.#waiting > 0) this.#catchUp()
    this.#queues.remove(slot)
  }

  victim(): number {
    const { count } = this.#queues
    if (count > this.#fits * TOLERANCE || count * TOLERANCE < this.#fits) {
      this.#fits = count
      this.#tuner = new Tuner(count, this.#seed, this.#tuner.current)
    }
    return this.#queues.victim()
  }

  clear(): void {
    this.#queues.clear()
    this.#waiting = 0
  }

  /** Shows the tuner the hits since the last insert, while their slots still hold what was hit. */
  #catchUp(): void {
    for (let index = 0; index < this.#waiting; index++) this.#tuner.request(this.#hashOf(this.#pending[index]!))
    this.#waiting = 0
  }
}
