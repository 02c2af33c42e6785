import type { Change } from './change.ts'

/** A change that was accepted and that the source does not have for certain. */
export interface JournalEntry {
  readonly id: string
  readonly change: Change<unknown, unknown>
}

/** What survives the process: the changes that `writeBehind` has accepted. */
export interface Journal {
  /** The changes of a collection that are not done and that no living process looks after, in the order of `append`. */
  replay(collection: string): Promise<readonly JournalEntry[]>
  /**
   * Resolves to the entry's id when it survives this process.
   *
   * @param keyText names the key of the change
   */
  append(collection: string, keyText: string, change: Change<unknown, unknown>): Promise<string>
  /** The source has them. Until this has resolved they may be replayed again. */
  done(collection: string, ids: readonly string[]): Promise<void>
  /** Milliseconds between looks for what other processes left behind. Without it, `replay` is called once. */
  readonly replayEveryMs?: number | undefined
  close(): Promise<void>
}
