import { DeadlineQueue, ended, sleep } from './deadline.ts'
import { TierError } from './error.ts'
import type { LogBatch, LogReader } from './shared-store.ts'
import type { SharedLink } from './shared-link.ts'

const FIRST_BACKOFF_MS = 20
const LONGEST_BACKOFF_MS = 250

/**
 * Follows the log of a shared tier on a connection of its own, for as long as the link lives (rules 5, 6 and 13
 * of docs/design/coherence.md).
 *
 * Each record names the one before it. A record whose `prev` is newer than what was applied here means that
 * records were missed (a gap: memory is cleared). A log that ends before what was applied here, or a `prev` older
 * than it, means that the shared tier was taken back in time: the lost invalidations are repeated.
 */
export class Follower {
  readonly #link: SharedLink
  readonly #repair: (lostAfter: number) => void
  readonly #onAnswer: () => void
  readonly #deadlines: DeadlineQueue
  readonly #stop = new AbortController()
  #done: Promise<void> = Promise.resolve()
  #reader: LogReader | undefined
  #started = false

  /**
   * @param repair repeats invalidations that the log has lost: those after a stamp
   * @param onAnswer the tier answered: whoever waits for it may try
   */
  constructor(link: SharedLink, repair: (lostAfter: number) => void, onAnswer: () => void) {
    this.#link = link
    this.#repair = repair
    this.#onAnswer = onAnswer
    const { clock, store } = link
    this.#deadlines = new DeadlineQueue(clock, store.heartbeat, () => new TierError(store.name, `its log did not answer within ${store.heartbeat} ms`))
  }

  start(): void {
    this.#done = this.#run()
  }

  /** Waits for nobody but the reader's own end, and not for ever for that. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#deadlines.end(new TierError(this.#link.name, 'closed'))
    await this.#done
  }

  async #run(): Promise<void> {
    let backoff = FIRST_BACKOFF_MS
    while (!this.#stop.signal.aborted) {
      try {
        this.#assertOn()
        await this.#deadlines.run(this.#link.store.connect())
        this.#reader = await this.#open()
        backoff = FIRST_BACKOFF_MS
        await this.#follow(this.#reader)
      } catch {
        // Whatever it was: out of step until the log answers again. The questions report the tier itself.
        this.#leaveStep('disconnected')
      }
      await this.#closeReader()
      await sleep(this.#link.clock, backoff * (0.5 + this.#link.random() / 2), this.#stop.signal)
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS)
    }
  }

  #assertOn(): void {
    if (this.#link.isOff) throw new TierError(this.#link.name, 'disabled')
  }

  /** A connection that opens when nobody waits for it any more is closed, not leaked. */
  async #open(): Promise<LogReader> {
    const opening = this.#link.store.openLog()
    try {
      return await this.#deadlines.run(opening)
    } catch (error) {
      opening.then((reader) => reader.close()).catch(() => {})
      throw error
    }
  }

  async #follow(reader: LogReader): Promise<void> {
    let waitMs = 0
    while (!this.#stop.signal.aborted) {
      this.#assertOn()
      const { clock, store } = this.#link
      const sent = clock.now()
      const confirmed = this.#link.confirmed
      if (!this.#started) await this.#begin(reader)
      const batch = await this.#deadlines.run(reader.read(this.#link.position, waitMs))
      if (this.#stop.signal.aborted) return
      if (batch.time !== undefined) this.#link.time.learn(sent, clock.now(), batch.time)
      this.#apply(batch, confirmed)
      const caughtUp = batch.tail === this.#link.position
      if (caughtUp) this.#enterStep(sent)
      // Half the heartbeat to wait for news and half for the answer: a dead connection is noticed within one.
      waitMs = caughtUp ? store.heartbeat / 2 : 0
    }
  }

  /** Starts from the log's end: memory holds nothing that records before it could concern. */
  async #begin(reader: LogReader): Promise<void> {
    const { tail } = await this.#deadlines.run(reader.start())
    this.#link.position = tail
    this.#link.see(tail)
    this.#link.ring.restart(tail)
    this.#link.lostTrack()
    this.#started = true
  }

  #apply(batch: LogBatch, confirmed: number): void {
    const link = this.#link
    for (const record of batch.records) {
      // What the tier has confirmed here has its place in the log: one that is passed over was taken back.
      const isLost = record.prev < link.confirmed && link.confirmed < record.stamp
      if (record.prev < link.position || isLost) this.#regressed(record.prev)
      else if (record.prev > link.position) {
        this.#leaveStep('gap')
        link.ring.restart(record.prev)
        link.lostTrack()
      }
      link.apply(record)
      link.position = record.stamp
    }
    if (batch.tail >= Math.max(link.position, confirmed)) return
    this.#regressed(batch.tail)
    // A log that is gone is created again, so that its next loss can be told from its absence.
    if (batch.tail === 0) this.#started = false
  }

  #regressed(lostAfter: number): void {
    this.#leaveStep('regressed')
    this.#link.lostTrack()
    this.#repair(lostAfter)
    this.#link.confirmed = 0
    this.#link.position = lostAfter
  }

  #enterStep(sent: number): void {
    const entered = !this.#link.inStep
    this.#link.inStep = true
    this.#link.reportInStep(sent)
    this.#onAnswer()
    if (entered) this.#link.report('inStep', { tier: this.#link.name })
  }

  #leaveStep(reason: 'disconnected' | 'gap' | 'regressed'): void {
    if (!this.#link.inStep) return
    this.#link.inStep = false
    this.#link.report('outOfStep', { tier: this.#link.name, reason })
  }

  async #closeReader(): Promise<void> {
    const { clock, store } = this.#link
    const reader = this.#reader
    this.#reader = undefined
    if (reader !== undefined) await ended(clock, store.commandTimeout, () => reader.close())
  }
}
