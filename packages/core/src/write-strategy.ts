import type { Change, Written } from './change.ts'
import type { Clock } from './clock.ts'
import type { Journal } from './journal.ts'
import { hasMethods } from './option-check.ts'
import type { Random } from './random.ts'
import type { MaybePromise } from './store.ts'

/** What a write strategy works with: one collection, its source and its place in the cache. */
export interface WriteContext<K, V> {
  /** The collection's name. */
  readonly name: string
  /** Its name with its namespace: no other collection that shares a tier has it. */
  readonly path: string
  readonly clock: Clock
  readonly random: Random
  /** The text of a key: the same for keys that name the same entry. */
  keyText(key: K): string
  /** Writes one change to the source, with `write` or `remove`. Rejects with what they throw. */
  toSource(change: Change<K, V>): Promise<Written<V>>
  /** Writes several changes to the source, with one call of `writeMany` where it is given. Resolves to how each ended. */
  manyToSource(changes: readonly Change<K, V>[]): Promise<readonly PromiseSettledResult<Written<V>>[]>
  /**
   * Runs a write of the change to the source, and caches what it resolves to (else the value of the change), unless the
   * key was written or invalidated meanwhile, here or in another process: then the key is invalidated. When the write
   * fails the cache stays as it is.
   */
  toCacheAfter(change: Change<K, V>, write: () => MaybePromise<Written<V>>): Promise<void>
  /** Caches the change at once, whatever the source holds. */
  toCache(change: Change<K, V>): Promise<void>
  invalidate(key: K): Promise<void>
  /** Tells the listeners of `writeError` that the source failed, where no caller hears of it. */
  failed(change: Change<K, V>, error: unknown, attempts: number): void
  /**
   * What survives this process in the shared tier of that name.
   *
   * @throws ConfigError where the cache has no such tier, or one that cannot do it.
   */
  journal(tier: string): Journal
}

/** Decides in which order a change reaches the source and the cache. One object may serve several collections. */
export interface WriteStrategy {
  readonly name: string
  /** Called with the changes of one key one after another. Rejecting it rejects the caller's `set` or `delete`. */
  write<K, V>(change: Change<K, V>, context: WriteContext<K, V>): MaybePromise<void>
  /** A collection that uses the strategy was created. */
  attach?<K, V>(context: WriteContext<K, V>): void
  /** A change that the source does not have yet: reads of its key are answered with it. */
  pending?<K, V>(key: K, context: WriteContext<K, V>): Change<K, V> | undefined
  /** Resolves when the source has every change that was accepted before the call. */
  flush?<K, V>(context: WriteContext<K, V>): Promise<void>
  /** The cache is being closed, after its last write was accepted. Waited for as long as `closeTimeoutMs`, default 1 s. */
  close?<K, V>(context: WriteContext<K, V>): Promise<void>
  readonly closeTimeoutMs?: number | undefined
  /** The shared tier whose journal it uses: a cache without that tier cannot have the strategy. */
  readonly journalTier?: string | undefined
}

export const isWriteStrategy = (write: WriteStrategy): boolean => typeof write?.name === 'string' && hasMethods(write, ['write'])
