import type { TimerHandle } from './clock.ts'
import type { InvalidationResult } from './invalidation.ts'
import { ROOT_PATH } from './key.ts'
import type { SharedLink } from './shared-link.ts'

interface Waiter {
  readonly soft: boolean
  resolve(result: InvalidationResult): void
}

/**
 * Hands invalidations to the shared tier, in rounds: while one is under way the next gather in the outbox. What
 * is not confirmed stays there, is answered `queued`, and is replayed before this process asks the tier anything
 * else (rule 10 of docs/design/coherence.md). Sending twice does no harm.
 */
export class Invalidator {
  readonly #link: SharedLink
  readonly #retryMs: number
  #waiters: Waiter[] = []
  #running: Promise<boolean> | undefined
  #behind = false
  #lagMs = 0
  #retry: TimerHandle
  #closed = false

  constructor(link: SharedLink, retryMs: number) {
    this.#link = link
    this.#retryMs = retryMs
  }

  /** Keys and tags are qualified. */
  submit(keys: readonly string[], tags: readonly string[], soft: boolean, lagMs: number): Promise<InvalidationResult> {
    return new Promise((resolve) => {
      this.#link.outbox.add(keys, tags, soft)
      this.#lagMs = Math.max(this.#lagMs, lagMs)
      this.#waiters.push({ soft, resolve })
      void this.replay()
    })
  }

  /** Sends what waits. Says whether nothing waits any more. Never rejects. */
  replay(): Promise<boolean> {
    if (this.#running) return this.#running
    if (this.#link.outbox.empty) return Promise.resolve(true)
    this.#running = this.#rounds()
    return this.#running
  }

  /** The tier answered somebody: if it was away, it may be back. */
  wake(): void {
    if (!this.#behind && this.#link.breaker.state === 'closed') return
    this.#link.breaker.hint()
    void this.replay()
  }

  /** Repeats what the shared tier has lost since `stamp` (rule 13). */
  repair(stamp: number): void {
    const lost = this.#link.ring.after(stamp)
    if (lost === undefined) this.#link.outbox.add([], [ROOT_PATH], false)
    else for (const record of lost) this.#link.outbox.add(record.keys, record.tags, record.soft)
    void this.replay()
  }

  close(): void {
    this.#closed = true
    this.#link.clock.clearTimeout(this.#retry)
  }

  async #rounds(): Promise<boolean> {
    const { outbox } = this.#link
    for (let round = outbox.take(); round !== undefined; round = outbox.take()) {
      const { keys, tags, soft, isLast } = round
      // Those whose names may be left for a later round wait for it.
      const waiters = isLast ? this.#waiters.filter((waiter) => waiter.soft === soft) : []
      this.#waiters = this.#waiters.filter((waiter) => !waiters.includes(waiter))
      try {
        const { stamp } = await this.#link.invalidate(keys, tags, soft, this.#lagMs)
        outbox.confirm()
        for (const waiter of waiters) waiter.resolve({ status: 'applied', stamp })
        if (this.#behind) this.#link.report({ event: 'replayed', keys: keys.length, tags: tags.length, stamp })
      } catch {
        outbox.putBack()
        this.#running = undefined
        this.#fallBehind([...waiters, ...this.#waiters.splice(0)], keys.length, tags.length)
        return false
      }
    }
    // A soft invalidation that a hard one absorbed had no round of its own.
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ status: 'applied', stamp: this.#link.confirmed })
    this.#behind = false
    this.#running = undefined
    this.#link.holdFor(undefined)
    return true
  }

  #fallBehind(waiters: readonly Waiter[], keys: number, tags: number): void {
    this.#behind = true
    this.#link.holdFor(() => this.replay())
    if (waiters.length > 0) this.#link.report({ event: 'queued', keys, tags })
    for (const waiter of waiters) waiter.resolve({ status: 'queued' })
    this.#link.clock.clearTimeout(this.#retry)
    if (!this.#closed) this.#retry = this.#link.clock.setTimeout(() => void this.replay(), this.#retryMs)
  }
}
