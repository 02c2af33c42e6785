import type { Clock, TimerHandle } from '@stratacache/core'
import type { DataSource } from 'typeorm'
import type { Outbox, OutboxRecord } from './outbox.ts'

/** What a relay needs. */
export interface RelayParts {
  readonly outbox: Outbox
  readonly clock: Clock
  /** How long whoever wrote a record is given to apply it himself (ms). */
  readonly graceMs: number
  readonly pollMs: number
  /** Applies what is written down. False where it has to be tried again. */
  readonly apply: (tags: readonly string[]) => Promise<boolean>
  readonly report: (error: unknown) => void
}

/**
 * Applies what those have left in the outbox who did not live to do so. Records are not locked: applied twice, they do no
 * harm.
 */
export class Relay {
  readonly #parts: RelayParts
  readonly #dataSource: DataSource
  /** When each record was seen first, on this machine's clock: those of others do not matter. */
  #seen = new Map<string, number>()
  #timer: TimerHandle
  #running: Promise<void> | undefined
  #isStopped = false
  #lastError = ''

  constructor(parts: RelayParts, dataSource: DataSource) {
    this.#parts = parts
    this.#dataSource = dataSource
    this.#look(0)
  }

  /** Somebody has committed a record. */
  wake(): void {
    this.#look(0)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#parts.clock.clearTimeout(this.#timer)
    await this.#running
  }

  #look(inMs: number): void {
    const { clock } = this.#parts
    clock.clearTimeout(this.#timer)
    if (!this.#isStopped) this.#timer = clock.setTimeout(() => void (this.#running ??= this.#pass()), inMs)
  }

  async #pass(): Promise<void> {
    const { graceMs, pollMs, report } = this.#parts
    let inMs = pollMs
    try {
      // While it is being set up, there is nothing to read.
      if (this.#dataSource.isInitialized && (await this.#applyDue())) inMs = Math.min(graceMs, pollMs)
      this.#lastError = ''
    } catch (error) {
      // A table that is missing is missing at each look.
      if (String(error) !== this.#lastError) report(error)
      this.#lastError = String(error)
    }
    this.#running = undefined
    this.#look(inMs)
  }

  /** Whether there was anything. */
  async #applyDue(): Promise<boolean> {
    const { apply, clock, graceMs, outbox } = this.#parts
    const records = await outbox.read(this.#dataSource)
    const now = clock.now()
    this.#seen = new Map(records.map(({ id }) => [id, this.#seen.get(id) ?? now]))
    const isDue = ({ id }: OutboxRecord): boolean => now - this.#seen.get(id)! >= graceMs
    const due = records.filter(isDue)
    if (due.length > 0 && (await apply([...new Set(due.flatMap(({ tags }) => tags))]))) {
      await outbox.remove(this.#dataSource, due.map(({ id }) => id))
    }
    return records.length > 0
  }
}
