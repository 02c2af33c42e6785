import type { Clock } from './clock.ts'
import { type Entry, retainedUntil } from './entry.ts'
import { MemoryStore } from './memory/memory-store.ts'
import { resolveMemoryOptions } from './options.ts'
import type { Random } from './random.ts'
import type { MaybePromise, Store } from './store.ts'
import type { TierCounters } from './stats.ts'
import type { MemoryTier } from './tier.ts'

/** A local tier below the first memory tier. */
export interface LocalTier {
  readonly name: string
  readonly store: Store
  readonly counters: TierCounters
}

/**
 * The local tiers between memory and the shared tier, in order. A tier that throws counts as empty; one that
 * cannot store or remove something is not believed any more for what it held then.
 */
export class TierStack {
  readonly #tiers: readonly LocalTier[]
  /** Entries of a tier older than this are not believed. */
  readonly #floors = new Map<LocalTier, number>()
  /** Those that are not asked. */
  readonly #off = new Set<LocalTier>()

  constructor(tiers: readonly LocalTier[]) {
    this.#tiers = tiers
  }

  get empty(): boolean {
    return this.#tiers.length === 0
  }

  /** Whether there is a tier of that name, and whether it is asked. */
  isOn(name: string): boolean | undefined {
    const tier = this.#named(name)
    return tier && !this.#off.has(tier)
  }

  turnOff(name: string): void {
    this.#off.add(this.#named(name)!)
  }

  /** @param stamp what it holds from before it is not believed: nobody told it what was invalidated */
  turnOn(name: string, stamp: number): void {
    const tier = this.#named(name)!
    if (this.#off.delete(tier)) this.#distrust(tier, stamp)
  }

  /** The first entry that `accept` takes. It is copied to the tiers above it. */
  async read(key: string, now: number, accept: (entry: Entry) => Entry | undefined): Promise<{ entry: Entry; tier: string } | undefined> {
    for (const [index, tier] of this.#tiers.entries()) {
      if (this.#off.has(tier)) continue
      const entry = await this.#get(tier, key, accept)
      if (entry === undefined) {
        tier.counters.miss++
        continue
      }
      tier.counters.hit++
      await this.#set(this.#tiers.slice(0, index), key, entry, now)
      return { entry, tier: tier.name }
    }
    return undefined
  }

  write(key: string, entry: Entry, now: number): Promise<void> {
    return this.#set(this.#tiers, key, entry, now)
  }

  /** `stamp`: what was stored before it is outdated. */
  remove(keys: readonly string[], stamp: number): Promise<void> {
    return this.#forget((store) => store.delete(keys), stamp)
  }

  clear(path: string, stamp: number): Promise<void> {
    return this.#forget((store) => store.clear?.(path), stamp)
  }

  async #forget(forget: (store: Store) => MaybePromise<void>, stamp: number): Promise<void> {
    for (const tier of this.#tiers) {
      if (this.#off.has(tier)) continue
      try {
        await forget(tier.store)
      } catch {
        this.#distrust(tier, stamp)
      }
    }
  }

  /** Nothing stored before `stamp` is believed. */
  distrust(stamp: number): void {
    for (const tier of this.#tiers) this.#distrust(tier, stamp)
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#tiers.map(async (tier) => tier.store.close?.()))
  }

  #named(name: string): LocalTier | undefined {
    return this.#tiers.find((tier) => tier.name === name)
  }

  #distrust(tier: LocalTier, stamp: number): void {
    this.#floors.set(tier, Math.max(this.#floors.get(tier) ?? 0, stamp))
  }

  async #get(tier: LocalTier, key: string, accept: (entry: Entry) => Entry | undefined): Promise<Entry | undefined> {
    try {
      const entry = await tier.store.get(key)
      if (entry === undefined || entry.asOf < (this.#floors.get(tier) ?? 0)) return undefined
      return accept(entry)
    } catch {
      tier.counters.error++
      return undefined
    }
  }

  async #set(tiers: readonly LocalTier[], key: string, entry: Entry, now: number): Promise<void> {
    const ttl = retainedUntil(entry) - now
    for (const tier of tiers) {
      if (this.#off.has(tier)) continue
      try {
        await tier.store.set(key, entry, ttl)
      } catch {
        tier.counters.error++
        // It may still hold what the entry takes the place of.
        this.#distrust(tier, entry.asOf)
      }
    }
  }
}

/** A second memory tier, as a plain store. */
export function memoryAsStore(tier: MemoryTier, { clock, random }: { clock: Clock; random: Random }): Store {
  const view = new MemoryStore(resolveMemoryOptions(tier.options), clock, random, () => {}).view()
  return {
    name: tier.name,
    get: (key) => {
      const slot = view.slots.get(key)
      if (slot === undefined) return undefined
      view.store.touch(slot)
      return view.store.entry(slot, 0)
    },
    set: (key, entry) => view.put(key, view.slots.get(key), entry, { value: entry.value, epoch: 0, unsynced: false, now: entry.storedAt, offset: 0, ttl: Infinity }),
    delete: (keys) => keys.forEach((key) => view.remove(key, 'invalidated')),
    close: () => view.store.clear(),
  }
}
