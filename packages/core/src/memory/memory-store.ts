import type { Clock } from '../clock.ts'
import type { Entry } from '../entry.ts'
import type { RemovalCause } from '../events.ts'
import type { ResolvedMemoryOptions } from '../options.ts'
import type { Random } from '../random.ts'
import { enlarged, enlargedList } from './column.ts'
import { EntryColumns, type Keeping } from './entry-columns.ts'
import { hashOf, mixed } from './hash.ts'
import { createPolicy } from './policies.ts'
import type { EvictionPolicy } from './policy.ts'
import { Reaper } from './reaper.ts'
import { entrySize } from './size.ts'

/** Called for every entry that leaves, except by `clear`. */
export type OnRemoval = (view: MemoryView, key: string, cause: RemovalCause) => void

const FIRST_CAPACITY = 64

/**
 * The memory tier: a bounded set of entries in columns. A slot is one row; each namespace has its own map from
 * keys to slots, so that a namespaced hit costs one map lookup and no string concatenation, and all of them
 * share one bound and one eviction policy.
 */
export class MemoryStore {
  readonly #options: ResolvedMemoryOptions
  readonly #onRemoval: OnRemoval
  /** @internal Told of hits on the hot path. */
  readonly policy: EvictionPolicy
  /** @internal Read on the hot path. */
  readonly columns: EntryColumns = new EntryColumns()
  readonly #reaper: Reaper
  readonly #views: MemoryView[] = []
  #keys: (string | undefined)[] = []
  /** The view of each slot, where there are several. */
  #owners: Uint32Array = new Uint32Array(0)
  /** In bytes, where they are bounded. */
  #sizes: Float64Array = new Float64Array(0)
  #capacity = 0
  #used = 0
  #count = 0
  #bytes = 0
  readonly #free: number[] = []

  constructor(options: ResolvedMemoryOptions, clock: Clock, random: Random, onRemoval: OnRemoval) {
    this.#options = options
    this.#onRemoval = onRemoval
    const hash = (slot: number): number => hashOf(this.#keys[slot]!, this.#owner(slot).seed)
    this.policy = createPolicy(options.policy, { maxEntries: options.maxEntries, random, hashOf: hash })
    this.#reaper = new Reaper(clock, (slot) => this.#endOf(slot), (slot) => this.remove(slot, 'expired'))
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
    const view = new MemoryView(this, this.#views.length)
    this.#views.push(view)
    if (this.#views.length > 1 && this.#owners.length === 0) this.#owners = new Uint32Array(this.#capacity)
    return view
  }

  /** Counts as a use of the entry. */
  touch(slot: number): void {
    this.policy.onHit(slot)
  }

  entry(slot: number, offset: number): Entry {
    return this.columns.read(slot, offset)
  }

  asOf(slot: number): number {
    return this.columns.asOf(slot)
  }

  isUnsynced(slot: number): boolean {
    return this.columns.isUnsynced(slot)
  }

  /** Makes an entry stale from `now` on. */
  soften(slot: number, now: number): void {
    const before = this.columns.retainedUntil(slot)
    this.columns.soften(slot, now)
    this.#schedule(slot, before, now)
  }

  isConfirmed(slot: number, epoch: number): boolean {
    return this.columns.isConfirmed(slot, epoch)
  }

  /** The entry was found valid in this epoch. */
  confirm(slot: number, epoch: number): void {
    this.columns.confirm(slot, epoch)
  }

  put(view: MemoryView, key: string, known: number | undefined, entry: Entry, keeping: Keeping): void {
    const size = this.#options.maxBytes === Infinity ? 0 : entrySize(key, keeping.value)
    if (size > this.#options.maxBytes) {
      // Refused rather than kept at the price of everything else; the old entry under the key is outdated.
      if (known !== undefined) this.#release(known)
      return this.#onRemoval(view, key, 'rejected')
    }
    const slot = known ?? this.#claim(view, key)
    if (this.#options.maxBytes < Infinity) {
      this.#bytes += size - (known === undefined ? 0 : this.#sizes[slot]!)
      this.#sizes[slot] = size
    }
    const before = this.columns.retainedUntil(slot)
    this.columns.write(slot, entry, keeping, this.#options.ttl)
    this.#schedule(slot, before, keeping.now)
    if (known === undefined) this.policy.onInsert(slot, this.policy.remembers ? hashOf(key, view.seed) : 0)
    else {
      this.policy.onHit(slot)
      this.#onRemoval(view, key, 'replaced')
    }
    while (this.#count > this.#options.maxEntries || this.#bytes > this.#options.maxBytes) this.remove(this.policy.victim(), 'capacity')
  }

  remove(slot: number, cause: RemovalCause): void {
    const view = this.#owner(slot)
    const key = this.#keys[slot]!
    this.#release(slot)
    this.#onRemoval(view, key, cause)
  }

  clear(): void {
    for (const view of this.#views) view.slots.clear()
    this.columns.clear()
    this.#keys.fill(undefined)
    this.#free.length = 0
    this.policy.clear()
    this.#reaper.clear()
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
    if (this.#owners.length > 0) this.#owners[slot] = view.index
    this.#count++
    return slot
  }

  #release(slot: number): void {
    this.policy.onRemove(slot)
    this.#owner(slot).slots.delete(this.#keys[slot]!)
    if (this.#options.maxBytes < Infinity) this.#bytes -= this.#sizes[slot]!
    this.#count--
    this.#keys[slot] = undefined
    this.columns.release(slot)
    this.#free.push(slot)
  }

  /** @param before when what was in the slot would have ended: unless this ends earlier, it is enough to look again then */
  #schedule(slot: number, before: number, now: number): void {
    const end = this.columns.retainedUntil(slot)
    if (end < before || !this.#reaper.has(slot)) this.#reaper.schedule(slot, end, now)
  }

  #endOf(slot: number): number {
    return this.#keys[slot] === undefined ? Infinity : this.columns.retainedUntil(slot)
  }

  #owner(slot: number): MemoryView {
    return this.#views[this.#owners.length > 0 ? this.#owners[slot]! : 0]!
  }

  #grow(): void {
    const bound = this.#options.maxEntries === Infinity ? Infinity : this.#options.maxEntries + 1
    this.#capacity = Math.min(Math.max(this.#capacity * 2, FIRST_CAPACITY), bound)
    this.columns.grow(this.#capacity)
    this.#keys = enlargedList(this.#keys, this.#capacity)
    if (this.#views.length > 1) this.#owners = enlarged(this.#owners, this.#capacity)
    if (this.#options.maxBytes < Infinity) this.#sizes = enlarged(this.#sizes, this.#capacity)
    this.policy.grow(this.#capacity)
    this.#reaper.grow(this.#capacity)
  }
}

/** The entries of one namespace in a memory store. */
export class MemoryView {
  readonly store: MemoryStore
  /** @internal Which of the store's views it is. */
  readonly index: number
  /** @internal So that the same key of two namespaces has two hashes. */
  readonly seed: number
  /** @internal Read on the hot path. */
  readonly slots: Map<string, number> = new Map()

  constructor(store: MemoryStore, index: number) {
    this.store = store
    this.index = index
    this.seed = mixed(index)
  }

  /** @param known the key's slot, which who calls has looked up */
  put(key: string, known: number | undefined, entry: Entry, keeping: Keeping): void {
    this.store.put(this, key, known, entry, keeping)
  }

  remove(key: string, cause: RemovalCause): void {
    const slot = this.slots.get(key)
    if (slot !== undefined) this.store.remove(slot, cause)
  }
}
