import type { Change } from './change.ts'
import type { Codec } from './codec.ts'
import { warn } from './error.ts'
import type { Journal, JournalEntry } from './journal.ts'
import type { SharedLink } from './shared-link.ts'
import type { SharedJournal } from './shared-store.ts'

/** The journal of a shared tier. Changes are stored as its entries are: by its serializer, compressed and encrypted where they are. */
export class TierJournal implements Journal {
  readonly replayEveryMs: number
  readonly #link: SharedLink
  readonly #store: SharedJournal
  readonly #codec: Codec
  /** Entries that are done, or were never accepted, and of which the tier does not know yet. */
  readonly #over = new Map<string, readonly string[]>()

  constructor(link: SharedLink, store: SharedJournal, codec: Codec) {
    this.replayEveryMs = store.adoptEveryMs
    this.#link = link
    this.#store = store
    this.#codec = codec
  }

  async replay(collection: string): Promise<readonly JournalEntry[]> {
    if (this.#over.has(collection)) await this.done(collection, [])
    const adopted = await this.#link.journal(() => this.#store.adopt(collection))
    return adopted.flatMap(({ id, entry }) => {
      try {
        return [{ id, change: this.#codec.decode(entry, keyOf(collection)).value as Change<unknown, unknown> }]
      } catch (error) {
        // It stays where it is, for a process that can read it.
        warn(`reading a change in the journal of '${collection}'`, error)
        return []
      }
    })
  }

  async append(collection: string, keyText: string, change: Change<unknown, unknown>): Promise<string> {
    const draft = { value: change, asOf: 0, storedAt: 0, freshUntil: Infinity, staleFor: 0, errorFor: 0, loadMs: 0, tags: [], version: undefined }
    const entry = this.#codec.encode(draft, keyOf(collection))
    let appending: Promise<string> | undefined
    try {
      return await this.#link.journal(() => (appending = this.#store.append(collection, keyText, entry)))
    } catch (error) {
      // It was not accepted, and must not be found by others.
      appending?.then((id) => this.#later(collection, [id])).catch(() => {})
      throw error
    }
  }

  /** What the tier does not take now is told to it again with the next call. Never rejects. */
  async done(collection: string, ids: readonly string[]): Promise<void> {
    const all = [...(this.#over.get(collection) ?? []), ...ids]
    this.#over.delete(collection)
    try {
      await this.#link.journal(() => this.#store.done(collection, all))
    } catch {
      this.#later(collection, all)
    }
  }

  #later(collection: string, ids: readonly string[]): void {
    this.#over.set(collection, [...(this.#over.get(collection) ?? []), ...ids])
  }

  /** The link is the cache's. */
  async close(): Promise<void> {}
}

/** What an encrypted change is bound to. No key of a cache holds a `*` before its first `:`. */
const keyOf = (collection: string): string => `*journal:${collection}`
