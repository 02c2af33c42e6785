import type { TimerHandle } from '../../clock.ts'
import { ClosedError, warn } from '../../error.ts'
import type { Change, Written } from '../../change.ts'
import type { WriteContext } from '../../write-strategy.ts'
import { ChangeQueue, type Queued } from './change-queue.ts'
import type { Journal } from '../../journal.ts'
import type { ResolvedWriteBehind } from './options.ts'

/** Entries of the journal that newer ones have overtaken, and of which it is told at once. */
const MOST_SUPERSEDED = 256

type Outcome<V> = PromiseSettledResult<Written<V>>

/** One collection's changes on their way to the source. */
export class Flusher<K, V> {
  readonly #context: WriteContext<K, V>
  readonly #options: ResolvedWriteBehind
  readonly #journal: Journal | undefined
  readonly #queue = new ChangeQueue<K, V>()
  /** Those who wait for room, in their order. */
  readonly #outside: PromiseWithResolvers<void>[] = []
  /** Changes that are being accepted. */
  #entering = 0
  #round: Promise<void> | undefined
  #failures = 0
  #lastError: unknown
  #timer: TimerHandle
  #timerAt = Infinity
  #isReplayed: boolean
  #replaying: Promise<void> | undefined
  #replayTimer: TimerHandle
  #isClosed = false

  constructor(context: WriteContext<K, V>, options: ResolvedWriteBehind, journal: Journal | undefined) {
    this.#context = context
    this.#options = options
    this.#journal = journal
    this.#isReplayed = journal === undefined
    // Who writes or flushes hears of it when it fails, and tries again.
    this.#ready()?.catch(() => {})
  }

  pending(key: K): Change<K, V> | undefined {
    return this.#queue.size === 0 ? undefined : this.#queue.get(this.#context.keyText(key))
  }

  /** Resolves when the change is accepted: it has room, is in the journal, and every tier holds it. */
  async accept(change: Change<K, V>): Promise<void> {
    await this.#ready()
    const text = this.#context.keyText(change.key)
    await this.#enter(text)
    try {
      const id = await this.#journal?.append(this.#context.path, text, change)
      try {
        await this.#context.toCache(change)
      } catch (error) {
        if (id !== undefined) await this.#journal!.done(this.#context.path, [id])
        throw error
      }
      this.#queue.add(text, change, id, this.#context.clock.now() + this.#options.delay)
    } finally {
      this.#entering--
      // One that was not accepted leaves its room to the next.
      this.#admit()
    }
    // A key that changes all the time while its source is down must not fill the journal.
    if (this.#queue.superseded >= MOST_SUPERSEDED) await this.#done([])
    this.#schedule()
  }

  /**
   * Writes everything that was accepted before, whatever it is waiting for.
   *
   * @throws what the source threw, if one of them failed; it is tried again as usual.
   */
  async flush(): Promise<void> {
    await this.#ready()
    const upTo = this.#queue.accepted
    const failures = this.#failures
    this.#queue.makeDue()
    while (this.#queue.outstanding(upTo) !== undefined && this.#failures === failures) await this.#nextRound()
    if (this.#queue.outstanding(upTo) !== undefined) throw this.#lastError
  }

  /** Empties the queue, for as long as `drain`; what is lost then is told of. Says whether it is empty. Never rejects. */
  async drain(): Promise<boolean> {
    const isEmpty = await this.#drain()
    if (!isEmpty && this.#journal === undefined) {
      process.emitWarning(`the source of collection '${this.#context.name}' has not taken ${this.#queue.size} changes, which end with the process`, 'StratacacheWarning')
    }
    return isEmpty
  }

  async #drain(): Promise<boolean> {
    const { clock } = this.#context
    const until = clock.now() + this.#options.drain
    let isLate = false
    const late = Promise.withResolvers<void>()
    const timer = clock.setTimeout(() => {
      isLate = true
      late.resolve()
    }, this.#options.drain)
    while (!isLate && !this.#isEmpty) {
      const failures = this.#failures
      this.#queue.makeDue()
      await Promise.race([late.promise, this.#queue.size > 0 ? this.#nextRound() : pause(clock, 1)])
      if (this.#failures > failures) await pause(clock, Math.min(this.#options.backoff, until - clock.now()))
    }
    clock.clearTimeout(timer)
    return this.#isEmpty
  }

  async close(): Promise<void> {
    const { clock, name } = this.#context
    this.#isClosed = true
    clock.clearTimeout(this.#replayTimer)
    for (const waiter of this.#outside.splice(0)) waiter.reject(new ClosedError(name))
    await this.drain()
    clock.clearTimeout(this.#timer)
  }

  /** Whether a whole batch need not wait any longer. */
  get #isFull(): boolean {
    return this.#queue.fresh >= this.#options.maxBatch
  }

  get #isEmpty(): boolean {
    return this.#queue.size === 0 && this.#entering === 0
  }

  /** Waits until there is room for a change of the key. */
  async #enter(text: string): Promise<void> {
    if (this.#isClosed) throw new ClosedError(this.#context.name)
    if (!this.#queue.holds(text) && this.#queue.size + this.#entering >= this.#options.maxQueue) {
      const room = Promise.withResolvers<void>()
      this.#outside.push(room)
      // Whoever admits it has counted it.
      return room.promise
    }
    this.#entering++
  }

  #admit(): void {
    while (this.#outside.length > 0 && this.#queue.size + this.#entering < this.#options.maxQueue) {
      this.#entering++
      this.#outside.shift()!.resolve()
    }
  }

  /** What the journal held comes before what is new. `undefined`: it has come. */
  #ready(): Promise<void> | undefined {
    if (this.#isReplayed) return undefined
    return (this.#replaying ??= this.#replay().finally(() => (this.#replaying = undefined)))
  }

  async #replay(): Promise<void> {
    const journal = this.#journal!
    for (const { id, change } of await journal.replay(this.#context.path)) {
      const replayed = change as Change<K, V>
      this.#queue.add(this.#context.keyText(replayed.key), replayed, id, 0)
    }
    this.#isReplayed = true
    this.#schedule()
    if (journal.replayEveryMs !== undefined && !this.#isClosed) this.#replayTimer = this.#context.clock.setTimeout(() => this.#replayAgain(), journal.replayEveryMs)
  }

  #replayAgain(): void {
    this.#replay().catch((error: unknown) => {
      warn('looking for changes that other processes left behind', error)
      if (!this.#isClosed) this.#replayTimer = this.#context.clock.setTimeout(() => this.#replayAgain(), this.#journal!.replayEveryMs!)
    })
  }

  /** Sees to it that the next round begins when the first change is due, or at once where a batch is full. */
  #schedule(): void {
    const { clock } = this.#context
    if (this.#round !== undefined || this.#isClosed) return
    const next = this.#isFull ? 0 : this.#queue.nextDue()
    if (next === undefined || next >= this.#timerAt) return
    clock.clearTimeout(this.#timer)
    this.#timerAt = next
    this.#timer = clock.setTimeout(() => {
      this.#timerAt = Infinity
      void this.#nextRound()
    }, Math.max(0, next - clock.now()))
  }

  /** Writes one batch of what is due, after the one that is under way. Never rejects. */
  #nextRound(): Promise<void> {
    if (this.#round !== undefined) return this.#round
    const batch = this.#queue.take(this.#context.clock.now(), this.#options.maxBatch, this.#isFull)
    if (batch.length === 0) {
      this.#schedule()
      return Promise.resolve()
    }
    this.#round = this.#write(batch).finally(() => {
      this.#round = undefined
      this.#admit()
      this.#schedule()
    })
    return this.#round
  }

  async #write(batch: readonly Queued<K, V>[]): Promise<void> {
    const outcomes = await this.#toSource(batch)
    const done: string[] = []
    await Promise.all(
      batch.map(async (item, index) => {
        const outcome = outcomes[index]!
        if (outcome.status === 'rejected' && !(await this.#isBuried(item, outcome.reason, batch.length === 1))) return this.#tryAgain(item, outcome.reason)
        this.#queue.land(item)
        if (item.id !== undefined) done.push(item.id)
      }),
    )
    await this.#done(done)
  }

  /** Of the journal, with what newer changes took the place of. Never rejects: what it is not told is written once more some time. */
  async #done(ids: readonly string[]): Promise<void> {
    const all = [...this.#queue.takeSuperseded(), ...ids]
    if (all.length > 0) await this.#journal?.done(this.#context.path, all).catch((error: unknown) => warn('the journal', error))
  }

  /** The batch in one go, while each of its keys is fenced: what is cached of it is as of before the source was written. */
  async #toSource(batch: readonly Queued<K, V>[]): Promise<readonly Outcome<V>[]> {
    const context = this.#context
    const written = Promise.withResolvers<readonly Outcome<V>[]>()
    let left = batch.length
    const arrive = (): void => {
      if (--left === 0) written.resolve(context.manyToSource(batch.map(({ change }) => change)))
    }
    await Promise.allSettled(
      batch.map(async ({ change }, index) => {
        let hasArrived = false
        const write = async (): Promise<Written<V>> => {
          hasArrived = true
          arrive()
          const outcome = (await written.promise)[index]!
          if (outcome.status === 'rejected') throw outcome.reason
          return outcome.value
        }
        try {
          await context.toCacheAfter(change, write)
        } finally {
          // The cache is being closed: the source is written nevertheless.
          if (!hasArrived) arrive()
        }
      }),
    )
    return written.promise
  }

  /** Says whether a change that failed is given up. */
  async #isBuried(item: Queued<K, V>, error: unknown, isAlone: boolean): Promise<boolean> {
    const { deadLetter, attempts } = this.#options
    const failed = ++item.attempts
    this.#context.failed(item.change, error, failed)
    if (deadLetter === undefined || !isAlone || failed < attempts) return false
    try {
      await deadLetter({ collection: this.#context.name, change: item.change as Change<unknown, unknown>, error, attempts: failed })
      await this.#context.invalidate(item.change.key)
      return true
    } catch (failure) {
      warn('deadLetter', failure)
      return false
    }
  }

  #tryAgain(item: Queued<K, V>, error: unknown): void {
    const { backoff, maxBackoff } = this.#options
    const { clock, random } = this.#context
    this.#failures++
    this.#lastError = error
    item.dueAt = clock.now() + Math.min(maxBackoff, backoff * 2 ** (item.attempts - 1)) * (0.5 + random() / 2)
    this.#queue.putBack(item)
  }
}

function pause(clock: WriteContext<unknown, unknown>['clock'], ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimeout(resolve, Math.max(0, ms)))
}
