import type { Random } from '../random.ts'

/**
 * Decides which slot of a memory store is given up. Slots are small integers, reused after removal; a policy
 * keeps what it needs to know about them in typed arrays.
 */
export interface EvictionPolicy {
  readonly name: string
  /** Whether it recognizes keys whose slots were given up: only then it is told hashes. */
  readonly remembers: boolean
  /** Slots below `capacity` may be used from now on. Called before the first insert, and again as the store grows. */
  grow(capacity: number): void
  /** @param hash 32 bits of the key, signed, the same whenever it comes back; 0 where the policy does not remember */
  onInsert(slot: number, hash: number): void
  /** On the hot path: no list is moved, nothing is allocated. */
  onHit(slot: number): void
  onRemove(slot: number): void
  /**
   * The slot to give up now, which `onRemove` is told of next. Only asked after an insert, and never answered with the
   * slot of that insert while there is another.
   */
  victim(): number
  clear(): void
}

/** What a policy may ask the store. */
export interface PolicySetting {
  /** `Infinity` where only bytes are bounded. */
  readonly maxEntries: number
  readonly random: Random
  /** The hash of the key that is in a slot. */
  readonly hashOf: (slot: number) => number
}
