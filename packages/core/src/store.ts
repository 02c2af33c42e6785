import type { Entry } from './entry.ts'

/** A value, or a promise of one. */
export type MaybePromise<T> = T | Promise<T>

/**
 * A plain tier: a key-value store that only this process writes. It needs no atomic steps and no idea of tags or
 * expiry; the cache checks every entry it hands back. A store that throws is treated as empty.
 */
export interface Store {
  readonly name: string
  get(key: string): MaybePromise<Entry | undefined>
  /** `ttlMs`: after this long nobody asks for the entry; `Infinity` when it has no end. */
  set(key: string, entry: Entry, ttlMs: number): MaybePromise<void>
  delete(keys: readonly string[]): MaybePromise<void>
  getMany?(keys: readonly string[]): MaybePromise<readonly (Entry | undefined)[]>
  /** Removes everything below a namespace. Without it `clear` makes the entries invalid and leaves them behind. */
  clear?(path: string): MaybePromise<void>
  close?(): MaybePromise<void>
}
