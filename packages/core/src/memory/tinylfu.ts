import type { Random } from '../random.ts'
import { enlarged } from './column.ts'
import { HillClimber } from './hill-climber.ts'
import type { EvictionPolicy, PolicySetting } from './policy.ts'
import { FrequencySketch } from './sketch.ts'
import { NO_SLOT, SlotLists } from './slot-lists.ts'

const WINDOW = 0
const PROBATION = 1
const PROTECTED = 2
/** Of the entries outside the window, those that are protected. */
const PROTECTED_SHARE = 0.8
/** A candidate seen this often may win by chance, so that nobody can keep the cache as it is by colliding keys. */
const WARM = 6
const CHANCE = 1 / 128

/**
 * W-TinyLFU with a window that adapts, as in Caffeine (Einziger, Eytan, Friedman and Manes, "Adaptive Software Cache
 * Management", Middleware'18): what is new passes a small LRU window; what leaves it has to be seen more often than what
 * would be given up for it in the segmented LRU behind.
 */
export class TinyLfu implements EvictionPolicy {
  readonly name = 'tinylfu'
  readonly remembers = true
  readonly #random: Random
  readonly #lists = new SlotLists(3)
  readonly #sketch = new FrequencySketch()
  readonly #climber = new HillClimber()
  #hashes: Int32Array = new Int32Array(0)
  #where: Uint8Array = new Uint8Array(0)
  #count = 0

  constructor({ random }: Pick<PolicySetting, 'random'>) {
    this.#random = random
  }

  grow(capacity: number): void {
    this.#lists.grow(capacity)
    this.#sketch.grow(capacity)
    this.#hashes = enlarged(this.#hashes, capacity)
    this.#where = enlarged(this.#where, capacity)
  }

  onInsert(slot: number, hash: number): void {
    this.#count++
    this.#hashes[slot] = hash
    this.#sketch.add(hash)
    this.#climber.request(false)
    this.#put(WINDOW, slot)
  }

  onHit(slot: number): void {
    this.#sketch.add(this.#hashes[slot]!)
    this.#climber.request(true)
    const list = this.#where[slot]!
    if (list !== PROBATION) return this.#lists.toFront(list, slot)
    this.#move(slot, PROTECTED)
    if (this.#lists.size(PROTECTED) > PROTECTED_SHARE * (this.#count - this.#window)) this.#move(this.#lists.last(PROTECTED), PROBATION)
  }

  onRemove(slot: number): void {
    this.#lists.remove(this.#where[slot]!, slot)
    this.#count--
  }

  victim(): number {
    this.#climber.climb(this.#count - 1)
    let candidate = NO_SLOT
    while (this.#lists.size(WINDOW) > this.#window) {
      candidate = this.#lists.last(WINDOW)
      this.#move(candidate, PROBATION)
    }
    while (this.#lists.size(WINDOW) < this.#window && this.#lists.size(PROBATION) > 0) this.#move(this.#lists.last(PROBATION), WINDOW)
    const victim = this.#last(PROBATION, candidate)
    if (candidate === NO_SLOT || victim === NO_SLOT) return victim === NO_SLOT ? this.#lists.last(WINDOW) : victim
    return this.#wins(candidate, victim) ? victim : candidate
  }

  clear(): void {
    this.#lists.clear()
    this.#sketch.clear()
    this.#count = 0
  }

  /** Entries that belong to the window. */
  get #window(): number {
    return Math.max(1, Math.round(this.#climber.share * (this.#count - 1)))
  }

  /** What is to be given up first, other than the candidate. */
  #last(list: number, candidate: number): number {
    const last = this.#lists.last(list)
    if (last !== NO_SLOT && last !== candidate) return last
    return list === PROBATION ? this.#last(PROTECTED, candidate) : candidate
  }

  #wins(candidate: number, victim: number): boolean {
    const frequency = this.#sketch.frequency(this.#hashes[candidate]!)
    if (frequency > this.#sketch.frequency(this.#hashes[victim]!)) return true
    return frequency >= WARM && this.#random() < CHANCE
  }

  #move(slot: number, list: number): void {
    this.#lists.remove(this.#where[slot]!, slot)
    this.#put(list, slot)
  }

  #put(list: number, slot: number): void {
    this.#where[slot] = list
    this.#lists.pushFront(list, slot)
  }
}
