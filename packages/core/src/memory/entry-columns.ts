import type { Entry } from '../entry.ts'
import { stampTime } from '../shared-store.ts'
import { enlarged, enlargedList } from './column.ts'
import { OptionalColumn } from './optional-column.ts'

/** How the store keeps an entry. */
export interface Keeping {
  /** The entry's value, or a copy of its own. */
  readonly value: unknown
  /** The epoch of the stamp table in which the entry was found valid. */
  readonly epoch: number
  /** Loaded without a lease: good for a short time, also while memory as a whole is not trusted. */
  readonly unsynced: boolean
  /** This machine's time. */
  readonly now: number
  /** How far the shared tier's clock, by which entries are timed, is ahead of this machine's. */
  readonly offset: number
  /** The longest it may be kept from now on. */
  readonly ttl: number
}

/* What a hit looks at is beside each other, in 16 bytes: when the entry ends, its epoch, and a number that fits in. */
const ENDS_A_ROW = 2
const WORDS_A_ROW = 4
const EPOCH = 2
const LOAD_MS = 3
/** In place of an epoch, counted from the first: not found valid in any. */
const NEVER = 0xffff_ffff

/**
 * Entries as rows of typed arrays, which the garbage collector does not have to walk through. Entries are timed by the
 * shared tier's clock, the columns by this machine's, so that a hit needs no conversion. What most entries do not have takes
 * no memory until the first one has it.
 */
export class EntryColumns {
  /** @internal Read on the hot path. */
  values: unknown[] = []
  #ends: Float64Array = new Float64Array(0)
  /** The same memory as `#ends`. */
  #words: Uint32Array = new Uint32Array(0)
  #floats: Float32Array = new Float32Array(0)
  #asOf: Float64Array = new Float64Array(0)
  /** How long after `asOf`, which takes half the memory. */
  #storedAfter: Float32Array = new Float32Array(0)
  readonly #staleFor = new OptionalColumn<number>(0)
  readonly #errorFor = new OptionalColumn<number>(0)
  readonly #unsynced = new OptionalColumn<boolean>(false)
  readonly #tags = new OptionalColumn<readonly string[]>([])
  readonly #versions = new OptionalColumn<bigint | undefined>(undefined)
  /** Epochs are kept as 32 bits, counted from this one. */
  #firstEpoch = 0

  grow(capacity: number): void {
    this.values = enlargedList(this.values, capacity)
    this.#ends = enlarged(this.#ends, capacity * ENDS_A_ROW)
    this.#words = new Uint32Array(this.#ends.buffer)
    this.#floats = new Float32Array(this.#ends.buffer)
    this.#asOf = enlarged(this.#asOf, capacity)
    this.#storedAfter = enlarged(this.#storedAfter, capacity)
  }

  /** @param ttl the longest it may be fresh in this store */
  write(slot: number, entry: Entry, { value, epoch, unsynced, now, offset, ttl: keptFor }: Keeping, ttl: number): void {
    this.values[slot] = value
    // Past the store's own ttl the entry is to be read again from the tier below, not served as stale.
    const cap = now + Math.min(ttl, keptFor)
    const freshUntil = entry.freshUntil - offset
    const isCapped = cap < freshUntil
    this.#ends[slot * ENDS_A_ROW] = isCapped ? cap : freshUntil
    this.#floats[slot * WORDS_A_ROW + LOAD_MS] = entry.loadMs
    this.confirm(slot, epoch)
    this.#asOf[slot] = entry.asOf
    this.#storedAfter[slot] = entry.storedAt - stampTime(entry.asOf)
    this.#staleFor.set(slot, isCapped ? 0 : entry.staleFor)
    this.#errorFor.set(slot, unsynced ? 0 : entry.errorFor + (isCapped ? freshUntil - cap : 0))
    this.#unsynced.set(slot, unsynced)
    this.#tags.set(slot, entry.tags)
    this.#versions.set(slot, entry.version)
  }

  read(slot: number, offset: number): Entry {
    const asOf = this.asOf(slot)
    return {
      value: this.values[slot],
      asOf,
      storedAt: stampTime(asOf) + this.#storedAfter[slot]!,
      freshUntil: this.freshUntil(slot) + offset,
      staleFor: this.#staleFor.get(slot),
      errorFor: this.#errorFor.get(slot),
      loadMs: this.#floats[slot * WORDS_A_ROW + LOAD_MS]!,
      tags: this.#tags.get(slot),
      version: this.#versions.get(slot),
    }
  }

  /** On the hot path: whether the value may be handed out as it is. */
  isServable(slot: number, now: number, epoch: number): boolean {
    return this.#ends[slot * ENDS_A_ROW]! > now && this.isConfirmed(slot, epoch)
  }

  isConfirmed(slot: number, epoch: number): boolean {
    return this.#words[slot * WORDS_A_ROW + EPOCH] === epoch - this.#firstEpoch
  }

  /** The entry was found valid in this epoch, which is no older than any named before. */
  confirm(slot: number, epoch: number): void {
    if (epoch - this.#firstEpoch >= NEVER) this.#countEpochsFrom(epoch)
    this.#words[slot * WORDS_A_ROW + EPOCH] = epoch - this.#firstEpoch
  }

  freshUntil(slot: number): number {
    return this.#ends[slot * ENDS_A_ROW]!
  }

  /** Makes an entry stale from `now` on, if it is not already. */
  soften(slot: number, now: number): void {
    this.#ends[slot * ENDS_A_ROW] = Math.min(this.freshUntil(slot), now)
  }

  asOf(slot: number): number {
    return this.#asOf[slot]!
  }

  isUnsynced(slot: number): boolean {
    return this.#unsynced.get(slot)
  }

  /** Until when, on this machine's clock, there is a use for it. */
  retainedUntil(slot: number): number {
    return this.freshUntil(slot) + Math.max(this.#staleFor.get(slot), this.#errorFor.get(slot))
  }

  /** Lets go of what a row holds on to. */
  release(slot: number): void {
    this.values[slot] = undefined
    this.#tags.release(slot)
    this.#versions.release(slot)
  }

  clear(): void {
    this.values.fill(undefined)
    for (const column of [this.#staleFor, this.#errorFor, this.#unsynced, this.#tags, this.#versions]) column.clear()
  }

  #countEpochsFrom(epoch: number): void {
    for (let word = EPOCH; word < this.#words.length; word += WORDS_A_ROW) this.#words[word] = NEVER
    this.#firstEpoch = epoch
  }
}
