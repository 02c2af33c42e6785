import type { TagStamp } from './shared-store.ts'

const NEVER: TagStamp = { hard: 0, soft: 0 }

/**
 * The newest stamps this process knows, of tags or of keys. Bounded: what is forgotten raises the floor, below
 * which an entry can no longer be shown to be valid. Stamps of namespace paths (names without `:`) are few and
 * concern every entry: they are never forgotten. Stamps only ever rise, so records may arrive in any order and
 * more than once.
 *
 * Two maps, of which the older is forgotten when the younger is full. One map in the order of change would have to delete
 * a name and set it again each time that it changes: V8 keeps what was deleted in its chain until the map is rebuilt, and
 * walks all of it to find that the name is not there. A tag that changes with every write would cost 50 µs each time.
 */
export class StampTable {
  #young = new Map<string, TagStamp>()
  #old = new Map<string, TagStamp>()
  /** The highest stamp in each. */
  #youngest = 0
  #oldest = 0
  readonly #paths = new Map<string, TagStamp>()
  readonly #limit: number
  #floor = 0
  #ceiling = 0
  #epoch = 0

  /** @param limit as many names as these that changed last are known, and no more than twice as many */
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
    return this.#young.get(name) ?? this.#old.get(name) ?? this.#paths.get(name)
  }

  /** The stamps of a name, as high as they may be when it was forgotten. */
  bound(name: string): TagStamp {
    return this.#young.get(name) ?? this.#old.get(name) ?? (this.#floor === 0 ? NEVER : { hard: this.#floor, soft: 0 })
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
    this.#young.clear()
    this.#old.clear()
    this.#youngest = 0
    this.#oldest = 0
    this.#paths.clear()
    this.#floor = 0
    this.#ceiling = 0
    this.#epoch++
  }

  /** Sets the stamps of a name and ends no epoch: for one that was not known they are no news. */
  put(name: string, stamp: TagStamp): void {
    this.#ceiling = Math.max(this.#ceiling, stamp.hard, stamp.soft)
    if (!name.includes(':')) return void this.#paths.set(name, stamp)
    this.#young.set(name, stamp)
    this.#youngest = Math.max(this.#youngest, stamp.hard, stamp.soft)
    if (this.#young.size <= this.#limit) return
    this.#floor = Math.max(this.#floor, this.#oldest)
    this.#old = this.#young
    this.#oldest = this.#youngest
    this.#young = new Map()
    this.#youngest = 0
  }
}
