import type { Entry } from '../entry.ts'
import { enlarged } from './column.ts'

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

/**
 * Entries as rows of typed arrays, which the garbage collector does not have to walk through. Entries are timed by the
 * shared tier's clock, the columns by this machine's, so that a hit needs no conversion. What most entries do not have takes
 * no memory until the first one has it.
 */
export class EntryColumns {
  /** @internal Read on the hot path, with the two that follow. */
  readonly values: unknown[] = []
  /** @internal */
  freshUntil: Float64Array = new Float64Array(0)
  /** @internal */
  epochs: Float64Array = new Float64Array(0)
  #asOf: Float64Array = new Float64Array(0)
  #storedAt: Float64Array = new Float64Array(0)
  #loadMs: Float32Array = new Float32Array(0)
  readonly #staleFor = new Optional<number>(0)
  readonly #errorFor = new Optional<number>(0)
  readonly #unsynced = new Optional<boolean>(false)
  readonly #tags = new Optional<readonly string[]>([])
  readonly #versions = new Optional<bigint | undefined>(undefined)

  grow(capacity: number): void {
    this.freshUntil = enlarged(this.freshUntil, capacity)
    this.epochs = enlarged(this.epochs, capacity)
    this.#asOf = enlarged(this.#asOf, capacity)
    this.#storedAt = enlarged(this.#storedAt, capacity)
    this.#loadMs = enlarged(this.#loadMs, capacity)
  }

  /** @param ttl the longest it may be fresh in this store */
  write(slot: number, entry: Entry, { value, epoch, unsynced, now, offset, ttl: keptFor }: Keeping, ttl: number): void {
    this.values[slot] = value
    // Past the store's own ttl the entry is to be read again from the tier below, not served as stale.
    const cap = now + Math.min(ttl, keptFor)
    const freshUntil = entry.freshUntil - offset
    const isCapped = cap < freshUntil
    this.freshUntil[slot] = isCapped ? cap : freshUntil
    this.epochs[slot] = epoch
    this.#asOf[slot] = entry.asOf
    this.#storedAt[slot] = entry.storedAt - offset
    this.#loadMs[slot] = entry.loadMs
    this.#staleFor.set(slot, isCapped ? 0 : entry.staleFor)
    this.#errorFor.set(slot, unsynced ? 0 : entry.errorFor + (isCapped ? freshUntil - cap : 0))
    this.#unsynced.set(slot, unsynced)
    this.#tags.set(slot, entry.tags)
    this.#versions.set(slot, entry.version)
  }

  read(slot: number, offset: number): Entry {
    return {
      value: this.values[slot],
      asOf: this.#asOf[slot]!,
      storedAt: this.#storedAt[slot]! + offset,
      freshUntil: this.freshUntil[slot]! + offset,
      staleFor: this.#staleFor.get(slot),
      errorFor: this.#errorFor.get(slot),
      loadMs: this.#loadMs[slot]!,
      tags: this.#tags.get(slot),
      version: this.#versions.get(slot),
    }
  }

  asOf(slot: number): number {
    return this.#asOf[slot]!
  }

  isUnsynced(slot: number): boolean {
    return this.#unsynced.get(slot)
  }

  /** Until when, on this machine's clock, there is a use for it. */
  retainedUntil(slot: number): number {
    return this.freshUntil[slot]! + Math.max(this.#staleFor.get(slot), this.#errorFor.get(slot))
  }

  /** Lets go of what a row holds on to. */
  release(slot: number): void {
    this.values[slot] = undefined
    this.#tags.release(slot)
    this.#versions.release(slot)
  }

  clear(): void {
    this.values.length = 0
    for (const column of [this.#staleFor, this.#errorFor, this.#unsynced, this.#tags, this.#versions]) column.clear()
  }
}

/** A column that exists once it has to hold something else than what most rows have. */
class Optional<T> {
  readonly #usual: T
  #column: T[] | undefined

  constructor(usual: T) {
    this.#usual = usual
  }

  get(slot: number): T {
    return this.#column === undefined ? this.#usual : (this.#column[slot] ?? this.#usual)
  }

  set(slot: number, value: T): void {
    if (this.#column !== undefined) this.#column[slot] = value
    else if (value !== this.#usual && !(Array.isArray(value) && value.length === 0)) {
      // Without a gap before it, which would make the array a dictionary.
      this.#column = Array<T>(slot).fill(this.#usual)
      this.#column.push(value)
    }
  }

  release(slot: number): void {
    if (this.#column !== undefined) this.#column[slot] = this.#usual
  }

  clear(): void {
    this.#column = undefined
  }
}
