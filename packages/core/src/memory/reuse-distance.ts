import { enlarged } from './column.ts'
import { Ghost } from './ghost.ts'
import { NO_SLOT, SlotLists } from './slot-lists.ts'

/** Queues of the probation, by age. */
const SEGMENTS = 6
/** The list of those that were seen to come back soon. */
const MAIN = SEGMENTS
/** From that share on the order of the probation matters; before, it is one segment, which costs less. */
const LONG = 0.2
/** Entries that move on from each queue with one insert, at most: after a change of the share, all have to. */
const MOST_MOVES = 8
/** Keys that are remembered after they were given up, for each that is there. */
const REMEMBERED = 2

/* A slot's word: the time of its last use, in inserts, and below that what else a hit has to know and to write. */
const USES = 0b11
const WATCHED = 0b100
const FLAGS = USES | WATCHED
const TICK_BITS = 3
const TICK = 1 << TICK_BITS

/**
 * Keeps those that come back soonest: what matters is the distance between two uses of a key, not how recent the last
 * one is. So a scan or a loop larger than the cache does not flush it.
 *
 * LIRS (Jiang and Zhang, SIGMETRICS'02) on queues that a hit does not touch, as in CLOCK-Pro (Jiang, Chen and Zhang,
 * USENIX ATC'05). What is new is on probation, in a FIFO queue as in S3-FIFO (Yang et al., SOSP'23). It moves to the main
 * queue when it was used again, there or soon after it was given up, at a shorter distance than the main queue's
 * longest unused entry is unused; that one is put on probation in its place.
 *
 * The larger the probation, the more it is like LRU. Its queue is cut in segments, and what was used is put back into
 * the segment of its last use, so that the order of the queue is about that of use. The share may change at any time:
 * until it is reached, a few entries change sides with each insert.
 */
export class ReuseDistance {
  /** Of the entries, those on probation. With 1 there is no main queue. */
  share: number
  readonly #lists = new SlotLists(SEGMENTS + 1)
  readonly #ghost = new Ghost()
  #words: Uint32Array = new Uint32Array(0)
  #where: Uint8Array = new Uint8Array(0)
  readonly #hashOf: (slot: number) => number
  /** Inserts, in ticks. Wraps around: only differences matter. */
  #now = 0
  #count = 0
  /** Entries that may be on probation. */
  #most = 1
  /** The segment in which those begin that are new. */
  #first = 0
  #newest = NO_SLOT

  constructor(share: number, hashOf: (slot: number) => number) {
    this.share = share
    this.#hashOf = hashOf
  }

  get count(): number {
    return this.#count
  }

  grow(capacity: number): void {
    this.#lists.grow(capacity)
    this.#ghost.grow(capacity * REMEMBERED)
    this.#words = enlarged(this.#words, capacity)
    this.#where = enlarged(this.#where, capacity)
  }

  /** Says whether the slot is watched. */
  use(slot: number): boolean {
    const flags = this.#words[slot]! & FLAGS
    this.#words[slot] = this.#now | ((flags & USES) === USES ? flags : flags + 1)
    return flags >= WATCHED
  }

  insert(slot: number, hash: number, watched: boolean): void {
    this.#now = (this.#now + TICK) | 0
    this.#count++
    this.#most = Math.max(1, Math.round(this.share * this.#count))
    this.#first = this.share < LONG ? SEGMENTS - 1 : 0
    this.#newest = slot
    this.#words[slot] = this.#now | (watched ? WATCHED : 0)
    const distance = this.#ghost.take(hash, this.#now >>> TICK_BITS)
    const rival = distance === undefined ? NO_SLOT : this.#rival()
    if (rival !== NO_SLOT && this.#age(this.#words[rival]!) > distance!) this.#swap(slot, rival)
    else this.#put(this.#first, slot)
    this.#moveOn()
    this.#changeSides()
  }

  remove(slot: number): void {
    this.#lists.remove(this.#where[slot]!, slot)
    this.#count--
  }

  /** The slot to give up. To be removed next. */
  victim(): number {
    const slot = this.#probation > this.#most || this.#lists.size(MAIN) === 0 ? this.#victimOnProbation() : this.#victimOfMain()
    this.#ghost.put(this.#hashOf(slot), this.#words[slot]! >>> TICK_BITS)
    return slot
  }

  clear(): void {
    this.#lists.clear()
    this.#ghost.clear()
    this.#count = 0
  }

  get #probation(): number {
    return this.#count - this.#lists.size(MAIN)
  }

  /** How long ago, in inserts. */
  #age(word: number): number {
    return (this.#now - word + FLAGS) >>> TICK_BITS
  }

  /** The slot of the main queue that was not used for longest, about. Its others were used since they were last passed. */
  #rival(): number {
    for (;;) {
      const slot = this.#lists.last(MAIN)
      if (slot === NO_SLOT || (this.#words[slot]! & USES) === 0) return slot
      this.#words[slot]!--
      this.#lists.remove(MAIN, slot)
      this.#lists.pushFront(MAIN, slot)
    }
  }

  #victimOfMain(): number {
    for (;;) {
      const slot = this.#rival()
      if (slot !== this.#newest || this.#count === 1) return slot
      if (this.#probation > 0) return this.#victimOnProbation()
      this.#lists.toFront(MAIN, slot)
    }
  }

  #victimOnProbation(): number {
    for (;;) {
      const slot = this.#oldest()
      const isUsed = (this.#words[slot]! & USES) > 0
      if (!isUsed && slot !== this.#newest) return slot
      if (this.#probation === 1 && !isUsed) return this.#count === 1 ? slot : this.#rival()
      this.#judge(slot)
    }
  }

  /** The slot at the end of the probation. */
  #oldest(): number {
    let segment = SEGMENTS - 1
    while (this.#lists.size(segment) === 0) segment--
    return this.#lists.last(segment)
  }

  /** A slot that has come to the end of its segment, having been used: to the main queue, or back. */
  #judge(slot: number): void {
    const word = this.#words[slot]!
    const segment = this.#where[slot]!
    this.#lists.remove(segment, slot)
    this.#words[slot] = word & ~USES
    if (this.#hasRoom) return this.#put(MAIN, slot)
    const [rival, age] = [this.#rival(), this.#age(word)]
    // It came to its place about as many inserts ago as there are places behind it.
    const distance = ((segment + 1) * this.#most) / SEGMENTS - age
    if (rival !== NO_SLOT && (word & USES) > 0 && this.#age(this.#words[rival]!) > distance) this.#swap(slot, rival)
    // The newest goes behind all others, or it would be asked for again.
    else this.#put(slot === this.#newest ? 0 : Math.min(segment, this.#segmentOf(age)), slot)
  }

  /** A slot that is in no list takes the place of one of the main queue, which goes on probation. */
  #swap(slot: number, rival: number): void {
    this.#lists.remove(MAIN, rival)
    this.#put(this.#first, rival)
    this.#put(MAIN, slot)
  }

  #put(list: number, slot: number): void {
    this.#where[slot] = list
    this.#lists.pushFront(list, slot)
  }

  /** Of the main queue, when the newest has made another leave. */
  get #hasRoom(): boolean {
    return this.#lists.size(MAIN) < this.#count - 1 - this.#most
  }

  /** Of a slot on probation, by the inserts since its last use. */
  #segmentOf(age: number): number {
    return Math.max(this.#first, Math.min(SEGMENTS - 1, Math.floor((age * SEGMENTS) / this.#most)))
  }

  /** The probation's entries grow older: each segment has its part. */
  #moveOn(): void {
    const part = this.#first > 0 ? 0 : this.#most / SEGMENTS
    for (let segment = 0; segment < SEGMENTS - 1; segment++) {
      for (let moves = 0; moves < MOST_MOVES && this.#lists.size(segment) > part; moves++) {
        const slot = this.#lists.last(segment)
        if ((this.#words[slot]! & USES) > 0) this.#judge(slot)
        else {
          this.#lists.remove(segment, slot)
          this.#put(segment + 1, slot)
        }
      }
    }
  }

  /** The main queue takes the oldest of the probation while it has room, and gives back those for which there is none. */
  #changeSides(): void {
    for (let moves = 0; moves < MOST_MOVES && this.#hasRoom && this.#probation > 1; moves++) {
      const slot = this.#oldest()
      this.#lists.remove(this.#where[slot]!, slot)
      this.#words[slot]! &= ~USES
      this.#put(MAIN, slot)
    }
    for (let moves = 0; moves < MOST_MOVES && this.#lists.size(MAIN) > this.#count - this.#most; moves++) {
      const slot = this.#rival()
      this.#lists.remove(MAIN, slot)
      this.#put(this.#segmentOf(this.#age(this.#words[slot]!)), slot)
    }
  }
}
