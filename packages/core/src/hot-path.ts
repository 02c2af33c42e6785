import type { CoarseClock } from './clock.ts'
import type { EntryColumns } from './memory/entry-columns.ts'
import type { MemoryStore } from './memory/memory-store.ts'
import type { EvictionPolicy } from './memory/policy.ts'
import type { StampTable } from './stamp-table.ts'

/** All that a memory hit reads and writes, in one object: fewer steps from one to the next. */
export class HotPath {
  readonly columns: EntryColumns
  readonly policy: EvictionPolicy
  readonly clock: CoarseClock
  readonly tags: StampTable
  /**
   * Until when, on this machine's clock, a fresh entry may be handed out as it is. 0 where a hit is more than that: a
   * copy, a read strategy's business, an event somebody listens to.
   */
  until = 0
  /** Hits that were counted here. */
  hits = 0

  constructor(memory: MemoryStore, clock: CoarseClock, tags: StampTable) {
    this.columns = memory.columns
    this.policy = memory.policy
    this.clock = clock
    this.tags = tags
  }
}
