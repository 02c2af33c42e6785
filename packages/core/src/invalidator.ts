import type { TimerHandle } from './clock.ts'
import { ended, sleep } from './deadline.ts'
import { RefusedError } from './error.ts'
import type { InvalidationResult } from './invalidation.ts'
import { ROOT_PATH } from './key.ts'
import type { SharedLink } from './shared-link.ts'

interface Waiter {
  readonly soft: boolean
  resolve(result: InvalidationResult): void
}

/** Names of the first round after one that failed: a tier that is still away, or still refuses, is not sent a long queue over and over. */
const FEW = 100

/** Between attempts at closing. */
const LAST_RETRY_MS = 20

/**
 * Hands invalidations to the shared tier, in rounds: while one is under way the next gather in the outbox. What
 * is not confirmed stays there, is answered `queued`, and is replayed before this process asks the tier anything
 * else (rule 10 of docs/design/coherence.md). Sending twice does no harm.
 *
 * A tier that is there and refuses may be asked other things meanwhile: what waits is invalid in this process anyway.
 */
export class Invalidator {
  readonly #link: SharedLink
  readonly #retryMs: number
  #waiters: Waiter[] = []
  #running: Promise<void> | undefined
  /** Why something waits since the last attempt. */
  #behind: 'away' | 'refused' | undefined
  #retry: TimerHandle
  #closed = false

  constructor(link: SharedLink, retryMs: number) {
    this.#link = link
    this.#retryMs = retryMs
  }

  /** Keys and tags are qualified. */
  submit(keys: readonly string[], tags: readonly string[], soft: boolean, lagMs: number): Promise<InvalidationResult> {
    return new Promise((resolve) => {
      this.#link.outbox.add(keys, tags, soft, lagMs)
      this.#link.lagsUntil = Math.max(this.#link.lagsUntil, this.#link.clock.now() + lagMs)
      this.#waiters.push({ soft, resolve })
      void this.replay()
    })
  }

  /** Sends what waits, as far as the tier takes it. Never rejects. */
  async replay(): Promise<void> {
    const { breaker, outbox } = this.#link
    if (outbox.empty) return
    // What waits may be long, and need not be touched to learn that nobody is asked.
    if (this.#running === undefined && breaker.isOpen) return this.#fallBehind('away', this.#waiters.splice(0))
    await (this.#running ??= this.#rounds())
  }

  /** The tier answered somebody: if it was away, it may be back. One that refused was there: that is no news of it. */
  wake(): void {
    const { breaker } = this.#link
    if (this.#behind !== 'away' && breaker.state === 'closed') return
    breaker.hint()
    void this.replay()
  }

  /** Repeats what the shared tier has lost since `stamp` (rule 13). */
  repair(stamp: number): void {
    const lost = this.#link.ring.after(stamp)
    if (lost === undefined) this.#link.outbox.add([], [ROOT_PATH], false, 0)
    else for (const record of lost) this.#link.outbox.add(record.keys, record.tags, record.soft, record.lagMs)
    void this.replay()
  }

  /**
   * Goes on trying to hand over what waits, for twice as long as the tier may take for an answer. What it has not taken
   * then is lost to the other processes, and a warning says so.
   */
  async close(): Promise<void> {
    const { breaker, clock, name, outbox, store } = this.#link
    this.#closed = true
    clock.clearTimeout(this.#retry)
    const until = clock.now() + 2 * store.commandTimeout
    while (!outbox.empty && clock.now() < until) {
      breaker.hint()
      await ended(clock, until - clock.now(), () => this.replay())
      if (!outbox.empty) await sleep(clock, LAST_RETRY_MS)
    }
    if (outbox.empty) return
    const { keys, tags } = outbox
    process.emitWarning(`closed before tier '${name}' took the invalidation of ${keys} keys and ${tags} tags`, 'StratacacheWarning')
  }

  async #rounds(): Promise<void> {
    const { outbox } = this.#link
    let most = this.#behind ? FEW : undefined
    for (let round = outbox.take(most); round !== undefined; round = outbox.take(most)) {
      const { keys, tags, soft, lagMs, isLast } = round
      // Those whose names may be left for a later round wait for it.
      const waiters = isLast ? this.#waiters.filter((waiter) => waiter.soft === soft) : []
      if (isLast) this.#waiters = this.#waiters.filter((waiter) => waiter.soft !== soft)
      try {
        const { stamp } = await this.#link.invalidate(keys, tags, soft, lagMs)
        outbox.confirm()
        for (const waiter of waiters) waiter.resolve({ status: 'applied', stamp })
        if (this.#behind) this.#link.report('replayed', { keys: keys.length, tags: tags.length, stamp })
        most = undefined
      } catch (error) {
        outbox.putBack()
        return this.#fallBehind(error instanceof RefusedError ? 'refused' : 'away', [...waiters, ...this.#waiters.splice(0)])
      }
    }
    // A soft invalidation that a hard one absorbed had no round of its own.
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ status: 'applied', stamp: this.#link.confirmed })
    this.#behind = undefined
    this.#running = undefined
    this.#link.holdFor(undefined)
  }

  #fallBehind(why: 'away' | 'refused', waiters: readonly Waiter[]): void {
    this.#behind = why
    this.#running = undefined
    // Whoever comes first replays; who comes meanwhile does not wait for a tier that may still be away.
    this.#link.holdFor(why === 'away' ? () => (this.#running === undefined ? this.replay() : undefined) : undefined)
    const { keys, tags } = this.#link.outbox
    if (waiters.length > 0) this.#link.report('queued', { keys, tags })
    for (const waiter of waiters) waiter.resolve({ status: 'queued' })
    this.#link.clock.clearTimeout(this.#retry)
    if (!this.#closed) this.#retry = this.#link.clock.setTimeout(() => void this.replay(), this.#retryMs)
  }
}
