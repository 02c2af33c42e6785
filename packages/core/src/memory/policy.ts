/**
 * Decides which slot of a memory store is given up. Slots are small integers, reused after removal; a policy
 * keeps what it needs to know about them in typed arrays.
 */
export interface EvictionPolicy {
  readonly name: string
  /** Slots below `capacity` may be used from now on. Called before the first insert, and again as the store grows. */
  grow(capacity: number): void
  onInsert(slot: number): void
  onHit(slot: number): void
  onRemove(slot: number): void
  /** The slot to give up next. Only asked while at least one slot is in use. */
  victim(): number
  clear(): void
}
