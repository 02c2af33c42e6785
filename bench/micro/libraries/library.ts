import type { User } from '../users.ts'

/** A cache library, set up for speed the way its own documentation shows. */
export interface Library {
  readonly name: string
  /** Resolves when the cache may be read. */
  readonly open: (setup: Setup) => Promise<OpenCache>
}

export interface Setup {
  /** How many entries memory holds. 0: none, or as few as the library can do with. */
  readonly entries: number
  /** The Redis database behind memory. */
  readonly url: string | undefined
  /** The source. */
  readonly load: (key: string) => User | Promise<User>
}

export interface OpenCache {
  /** Reads through the cache: the source is asked for what is missing. `id` is the number in the key. */
  readonly read: (key: string, id: number) => unknown
  /** Instead of the check of every answer and of the loads, where it does something else than read. */
  readonly verify?: () => void
  readonly close: () => Promise<void>
}

export const TTL_MS = 3_600_000
