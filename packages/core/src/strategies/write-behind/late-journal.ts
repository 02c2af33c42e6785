import type { Change } from '../../change.ts'
import type { Journal, JournalEntry } from '../../journal.ts'

/** A journal that is opened when it is first asked for. */
export class LateJournal implements Journal {
  readonly #open: () => Promise<Journal>
  #journal: Promise<Journal> | undefined

  constructor(open: () => Promise<Journal>) {
    this.#open = open
  }

  async replay(collection: string): Promise<readonly JournalEntry[]> {
    return (await this.#opened()).replay(collection)
  }

  async append(collection: string, keyText: string, change: Change<unknown, unknown>): Promise<string> {
    return (await this.#opened()).append(collection, keyText, change)
  }

  async done(collection: string, ids: readonly string[]): Promise<void> {
    await (await this.#opened()).done(collection, ids)
  }

  async close(): Promise<void> {
    const journal = await this.#journal?.catch(() => undefined)
    await journal?.close()
  }

  #opened(): Promise<Journal> {
    if (this.#journal === undefined) {
      const opening = this.#open()
      this.#journal = opening
      // What cannot be opened now is tried again by the next who asks.
      opening.catch(() => (this.#journal = undefined))
    }
    return this.#journal
  }
}
