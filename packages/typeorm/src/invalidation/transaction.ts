import { Changes } from './changes.ts'

/**
 * What one connection has changed and not committed: a frame for the transaction and one for each savepoint in it. A savepoint
 * that is released hands its changes down, one that is rolled back drops them.
 */
export class Transaction {
  #frames: Changes[] = []
  /** Each statement is committed by itself. MySQL: unless it is told otherwise. */
  isAutocommit = true
  /** The connection was given settings of its own. */
  isPeculiar = false
  /** What was written down of it, by its ids. */
  records: readonly string[] = []
  /** Transactions that have begun on this connection. */
  begun = 0
  /** SQLite: the savepoint that began it, which commits it when it is released. */
  savepoint: string | undefined
  /** Nobody has seen it begin, or something may have ended it. */
  #isDoubtful = false

  get isOpen(): boolean {
    return this.#frames.length > 0
  }

  /** Whether no savepoint is set, so that what is committed next is all of it. */
  get isOutermost(): boolean {
    return this.#frames.length === 1
  }

  /** Whether what is written now is certainly not committed before the transaction is. */
  get isCertain(): boolean {
    return this.isOpen && !this.#isDoubtful
  }

  get isDoubtful(): boolean {
    return this.#isDoubtful
  }

  /** Where changes go that are not committed yet. */
  get changes(): Changes {
    if (this.#frames.length === 0) {
      this.begin()
      this.#isDoubtful = true
    }
    return this.#frames.at(-1)!
  }

  begin(): void {
    this.begun++
    this.#frames.push(new Changes())
  }

  /** @param isOpen whether that was a savepoint */
  rollBack(isOpen: boolean): void {
    if (!isOpen) this.end()
    // Of one that was under way before anybody watched, the outermost frame stands for more than one.
    else if (this.#frames.length > 1) this.#frames.pop()
  }

  release(): void {
    if (this.#frames.length < 2) return
    const released = this.#frames.pop()!
    this.#frames.at(-1)!.merge(released)
  }

  /** All that was changed up to now. */
  peek(): Changes {
    if (this.#frames.length === 1) return this.#frames[0]!
    const all = new Changes()
    for (const frame of this.#frames) all.merge(frame)
    return all
  }

  /** It may have been committed, and may go on. */
  doubt(): void {
    this.#isDoubtful = this.isOpen
  }

  end(): void {
    this.#frames = []
    this.records = []
    this.savepoint = undefined
    this.#isDoubtful = false
  }
}
