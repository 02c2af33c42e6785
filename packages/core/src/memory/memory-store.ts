import type { Entry } from '../entry.ts'
import type { RemovalCause } from '../events.ts'
import type { ResolvedMemoryOptions } from '../options.ts'
import { Lru } from './lru.ts'
import type { EvictionPolicy } from './policy.ts'
import { entrySize } from './size.ts'

/** Called for every entry that leaves, except by `clear`. */
export type OnRemoval = (view: MemoryView, key: string, cause: RemovalCause) => void

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
 * The memory tier: a bounded set of entries in columns. A slot is one row; each namespace has its own map from
 * keys to slots, so that a namespaced hit costs one map lookup and no string concatenation, and all of them
 * share one bound and one eviction policy.
 *
 * Entries are timed by the shared tier's clock, the columns by this machine's, so that a hit needs no conversion.
 */
export class MemoryStore {
  readonly #options: ResolvedMemoryOptions
  readonly #onRemoval: OnRemoval
  /** @internal Told of hits on the hot path. */
  readonly policy: EvictionPolicy = new Lru()
  readonly #views: MemoryView[] = []
  #capacity = 0
  #used = 0
  #count = 0
  #bytes = 0
  readonly #free: number[] = []

  readonly #keys: string[] = []
  readonly #owners: MemoryView[] = []
  readonly #sizes: number[] = []
  readonly #tags: (readonly string[])[] = []
  readonly #versions: (bigint | undefined)[] = []
  /** @internal Columns read on the hot path. */
  readonly values: unknown[] = []
  /** @internal */
  freshUntil: Float64Array = new Float64Array(0)
  /** @internal */
  epochs: Float64Array = new Float64Array(0)
  #asOf: Float64Array = new Float64Array(0)
  #storedAt: Float64Array = new Float64Array(0)
  #staleFor: Float64Array = new Float64Array(0)
  #errorFor: Float64Array = new Float64Array(0)
  #loadMs: Float32Array = new Float32Array(0)
  #unsynced: Uint8Array = new Uint8Array(0)

  constructor(options: ResolvedMemoryOptions, onRemoval: OnRemoval) {
    this.#options = options
    this.#onRemoval = onRemoval
  }

  get count(): number {
    return this.#count
  }

  /** Estimated; 0 when the store is not bounded by bytes. */
  get bytes(): number {
    return this.#bytes
  }

  get maxEntries(): number {
    return this.#options.maxEntries
  }

  get maxBytes(): number {
    return this.#options.maxBytes
  }

  /** A namespace of its own within the same bounds. */
  view(): MemoryView {
    const view = new MemoryView(this)
    this.#views.push(view)
    return view
  }

  /** Counts as a use of the entry. */
  touch(slot: number): void {
    this.policy.onHit(slot)
  }

  entry(slot: number, offset: number): Entry {
    return {
      value: this.values[slot],
      asOf: this.#asOf[slot]!,
      storedAt: this.#storedAt[slot]! + offset,
      freshUntil: this.freshUntil[slot]! + offset,
      staleFor: this.#staleFor[slot]!,
      errorFor: this.#errorFor[slot]!,
      loadMs: this.#loadMs[slot]!,
      tags: this.#tags[slot]!,
      version: this.#versions[slot],
    }
  }

  asOf(slot: number): number {
    return this.#asOf[slot]!
  }

  isUnsynced(slot: number): boolean {
    return this.#unsynced[slot] === 1
  }

  /** Makes an entry stale from `now` on. */
  soften(slot: number, now: number): void {
    this.freshUntil[slot] = Math.min(this.freshUntil[slot]!, now)
  }

  /** The entry was found valid in this epoch. */
  confirm(slot: number, epoch: number): void {
    this.epochs[slot] = epoch
  }

  put(view: MemoryView, key: string, entry: Entry, keeping: Keeping): void {
    const known = view.slots.get(key)
    const size = this.#options.maxBytes === Infinity ? 0 : entrySize(key, keeping.value)
    if (size > this.#options.maxBytes) {
      // Refused rather than kept at the price of everything else; the old entry under the key is outdated.
      if (known !== undefined) this.#release(known)
      return this.#onRemoval(view, key, 'rejected')
    }
    const slot = known ?? this.#claim(view, key)
    this.#bytes += size - (known === undefined ? 0 : this.#sizes[slot]!)
    this.#sizes[slot] = size
    this.#write(slot, entry, keeping)
    if (known === undefined) this.policy.onInsert(slot)
    else {
      this.policy.onHit(slot)
      this.#onRemoval(view, key, 'replaced')
    }
    while (this.#count > this.#options.maxEntries || this.#bytes > this.#options.maxBytes) this.remove(this.policy.victim(), 'capacity')
  }

  remove(slot: number, cause: RemovalCause): void {
    const view = this.#owners[slot]!
    const key = this.#keys[slot]!
    this.#release(slot)
    this.#onRemoval(view, key, cause)
  }

  clear(): void {
    for (const view of this.#views) view.slots.clear()
    for (const column of [this.#keys, this.values, this.#owners, this.#sizes, this.#tags, this.#versions]) column.length = 0
    this.#free.length = 0
    this.policy.clear()
    this.#used = 0
    this.#count = 0
    this.#bytes = 0
  }

  #claim(view: MemoryView, key: string): number {
    // One slot more than the bound: a new entry is inserted before its victim is chosen.
    const slot = this.#free.pop() ?? this.#used++
    if (slot >= this.#capacity) this.#grow()
    view.slots.set(key, slot)
    this.#keys[slot] = key
    this.#owners[slot] = view
    this.#count++
    return slot
  }

  #release(slot: number): void {
    this.#owners[slot]!.slots.delete(this.#keys[slot]!)
    this.policy.onRemove(slot)
    this.#bytes -= this.#sizes[slot]!
    this.#count--
    this.#keys[slot] = ''
    this.values[slot] = undefined
    this.#tags[slot] = NO_TAGS
    this.#free.push(slot)
  }

  #write(slot: number, entry: Entry, keeping: Keeping): void {
    this.values[slot] = keeping.value
    this.#tags[slot] = entry.tags
    this.#versions[slot] = entry.version
    this.#asOf[slot] = entry.asOf
    const { offset } = keeping
    // Past the tier's own ttl the entry is to be read again from the tier below, not served as stale.
    const cap = keeping.now + Math.min(this.#options.ttl, keeping.ttl)
    const freshUntil = entry.freshUntil - offset
    this.#storedAt[slot] = entry.storedAt - offset
    this.freshUntil[slot] = Math.min(freshUntil, cap)
    const isCapped = cap < freshUntil
    this.#staleFor[slot] = isCapped ? 0 : entry.staleFor
    this.#errorFor[slot] = keeping.unsynced ? 0 : entry.errorFor + (isCapped ? freshUntil - cap : 0)
    this.#loadMs[slot] = entry.loadMs
    this.epochs[slot] = keeping.epoch
    this.#unsynced[slot] = keeping.unsynced ? 1 : 0
  }

  #grow(): void {
    const bound = this.#options.maxEntries === Infinity ? Infinity : this.#options.maxEntries + 1
    this.#capacity = Math.min(Math.max(this.#capacity * 2, 64), bound)
    this.freshUntil = enlarged(this.freshUntil, this.#capacity)
    this.epochs = enlarged(this.epochs, this.#capacity)
    this.#asOf = enlarged(this.#asOf, this.#capacity)
    this.#storedAt = enlarged(this.#storedAt, this.#capacity)
    this.#staleFor = enlarged(this.#staleFor, this.#capacity)
    this.#errorFor = enlarged(this.#errorFor, this.#capacity)
    this.#loadMs = enlarged(this.#loadMs, this.#capacity)
    this.#unsynced = enlarged(this.#unsynced, this.#capacity)
    this.policy.grow(this.#capacity)
  }
}

/** The entries of one namespace in a memory store. */
export class MemoryView {
  readonly store: MemoryStore
  /** @internal Read on the hot path. */
  readonly slots: Map<string, number> = new Map()

  constructor(store: MemoryStore) {
    this.store = store
  }

  put(key: string, entry: Entry, keeping: Keeping): void {
    this.store.put(this, key, entry, keeping)
  }

  remove(key: string, cause: RemovalCause): void {
    const slot = this.slots.get(key)
    if (slot !== undefined) this.store.remove(slot, cause)
  }
}

const NO_TAGS: readonly string[] = []

function enlarged<Column extends Float64Array | Float32Array | Uint8Array>(column: Column, length: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(length)
  larger.set(column)
  return larger
}
