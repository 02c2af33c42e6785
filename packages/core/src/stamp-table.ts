import type { TagStamp } from './shared-store.ts'

const NEVER: TagStamp = { hard: 0, soft: 0 }

/** By how much the bound may be passed until the oldest are forgotten. */
const SLACK = 1.125

/**
 * The newest stamps this process knows, of tags or of keys. Bounded: what is forgotten raises the floor, below
 * which an entry can no longer be shown to be valid. Stamps of namespace paths (names without `:`) are few and
 * concern every entry: they are never forgotten. Stamps only ever rise, so records may arrive in any order and
 * more than once.
 */
export class StampTable {
  readonly #stamps = new Map<string, TagStamp>()
  readonly #paths = new Map<string, TagStamp>()
  readonly #limit: number
  #floor = 0
  #ceiling = 0
  #epoch = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Changes whenever a stamp rises: what was found valid in an epoch is valid until its end. */
  get epoch(): number {
    return this.#epoch
  }

  /** No stamp is higher: what is as new as this stands against all of them. */
  get ceiling(): number {
    return this.#ceiling
  }

  /** The highest stamp that was forgotten. */
  get floor(): number {
    return this.#floor
  }

  get(name: string): TagStamp | undefined {
    return this.#stamps.get(name) ?? this.#paths.get(name)
  }

  /** The stamps of a name, as high as they may be when it was forgotten. */
  bound(name: string): TagStamp {
    return this.#stamps.get(name) ?? (this.#floor === 0 ? NEVER : { hard: this.#floor, soft: 0 })
  }

  /** The stamps of a namespace path. */
  path(path: string): TagStamp {
    return this.#paths.get(path) ?? NEVER
  }

  /** An invalidation: raises a stamp and ends the epoch. */
  raise(name: string, stamp: number, soft: boolean): void {
    const known = this.get(name) ?? NEVER
    if ((soft ? known.soft : known.hard) >= stamp) return
    this.put(name, soft ? { hard: known.hard, soft: stamp } : { hard: stamp, soft: known.soft })
    this.#epoch++
  }

  /** Forgets everything. Only right when every entry that relied on it is gone as well. */
  clear(): void {
    this.#stamps.clear()
    this.#paths.clear()
    this.#floor = 0
    this.#ceiling = 0
    this.#epoch++
  }

  /** Sets the stamps of a name and ends no epoch: for one that was not known they are no news. */
  put(name: string, stamp: TagStamp): void {
    this.#ceiling = Math.max(this.#ceiling, stamp.hard, stamp.soft)
    if (!name.includes(':')) return void this.#paths.set(name, stamp)
    // Deleted first, so that the map's order is the order of change and the oldest is forgotten first.
    this.#stamps.delete(name)
    this.#stamps.set(name, stamp)
    if (this.#stamps.size <= this.#limit * SLACK) return
    // Many at a time: whoever looks for the oldest of a Map passes all that was deleted before it.
    for (const [oldest, { hard, soft }] of this.#stamps) {
      this.#stamps.delete(oldest)
      this.#floor = Math.max(this.#floor, hard, soft)
      if (this.#stamps.size <= this.#limit) break
    }
  }
}
