import type { Change } from '../../change.ts'

/** A change that the source does not have. */
export interface Queued<K, V> {
  readonly text: string
  change: Change<K, V>
  /** Its entry in the journal. */
  id: string | undefined
  /** When the oldest of them was accepted, counted in changes. */
  since: number
  attempts: number
  dueAt: number
}

/** What is to be written: the newest change of each key, in the order in which the keys came. */
export class ChangeQueue<K, V> {
  readonly #waiting = new Map<string, Queued<K, V>>()
  /** Being written; a newer change of the same key waits meanwhile. */
  readonly #flying = new Map<string, Queued<K, V>>()
  #accepted = 0
  #fresh = 0
  #superseded: string[] = []

  get size(): number {
    return this.#waiting.size + this.#flying.size
  }

  /** How many changes were ever accepted. */
  get accepted(): number {
    return this.#accepted
  }

  /** How many wait that were never tried. */
  get fresh(): number {
    return this.#fresh
  }

  /** Whether a change of the key needs no more room. */
  holds(text: string): boolean {
    return this.#waiting.has(text)
  }

  get(text: string): Change<K, V> | undefined {
    return (this.#waiting.get(text) ?? this.#flying.get(text))?.change
  }

  /** Entries of the journal whose changes gave way to newer ones. */
  get superseded(): number {
    return this.#superseded.length
  }

  takeSuperseded(): readonly string[] {
    const taken = this.#superseded
    this.#superseded = []
    return taken
  }

  /** A newer change takes the place of an older one, and its turn. */
  add(text: string, change: Change<K, V>, id: string | undefined, dueAt: number): void {
    const since = ++this.#accepted
    const older = this.#waiting.get(text)
    if (older === undefined) {
      this.#waiting.set(text, { text, change, id, since, attempts: 0, dueAt })
      this.#fresh++
      return
    }
    if (older.attempts > 0) this.#fresh++
    if (older.id !== undefined) this.#superseded.push(older.id)
    older.change = change
    older.id = id
    older.attempts = 0
  }

  /**
   * Takes what is due into the air, as many as go together: those that failed go in ever smaller batches, and at last alone.
   *
   * @param hurries what was never tried is due
   */
  take(now: number, most: number, hurries: boolean): readonly Queued<K, V>[] {
    const batch: Queued<K, V>[] = []
    let size = most
    for (const item of this.#waiting.values()) {
      const isDue = item.dueAt <= now || (hurries && item.attempts === 0)
      if (!isDue || this.#flying.has(item.text)) continue
      if (batch.length === 0) size = Math.max(1, Math.floor(most / 2 ** item.attempts))
      else if (item.attempts !== batch[0]!.attempts) continue
      batch.push(item)
      if (batch.length === size) break
    }
    for (const item of batch) {
      this.#waiting.delete(item.text)
      if (item.attempts === 0) this.#fresh--
      this.#flying.set(item.text, item)
    }
    return batch
  }

  /** It is with the source, or given up. */
  land(item: Queued<K, V>): void {
    this.#flying.delete(item.text)
  }

  /** It failed: it waits again, unless a newer change does. */
  putBack(item: Queued<K, V>): void {
    this.#flying.delete(item.text)
    const newer = this.#waiting.get(item.text)
    if (newer === undefined) {
      this.#waiting.set(item.text, item)
      return
    }
    if (item.id !== undefined) this.#superseded.push(item.id)
    newer.since = item.since
  }

  /** When the next one is due; `undefined` when none waits. */
  nextDue(): number | undefined {
    let next: number | undefined
    for (const { dueAt } of this.#waiting.values()) if (next === undefined || dueAt < next) next = dueAt
    return next
  }

  makeDue(): void {
    for (const item of this.#waiting.values()) item.dueAt = 0
  }

  /** One that was accepted as the `upTo`th or before. */
  outstanding(upTo: number): Queued<K, V> | undefined {
    for (const items of [this.#flying, this.#waiting]) for (const item of items.values()) if (item.since <= upTo) return item
    return undefined
  }
}
