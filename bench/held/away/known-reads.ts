import { setTimeout as delay } from 'node:timers/promises'
import type { Cache } from '@stratacache/core'
import { until } from 'test-support'
import { monotonic } from '../../src/process/monotonic.ts'
import { PATIENCE_MS } from '../reads/timed-reads.ts'
import { Source } from '../reads/source.ts'
import { type SentSeries, Series } from '../series.ts'

/** Few, so that loading all of them takes less than `unsyncedTtl`. */
export const KNOWN = 100
const KEYS: readonly string[] = Array.from({ length: KNOWN }, (_, index) => `known:${index}`)
/** Awaited reads that are timed together: asking for the time costs as much as a read. */
export const BATCH = 32
const BATCHES_PER_TURN = 4

export interface KnownReport {
  /** Nanoseconds of a memory hit: the mean of a batch. */
  readonly hits: SentSeries
  /** Milliseconds beyond the load, of reads that memory did not answer. */
  readonly below: SentSeries
  readonly errors: number
  readonly loads: number
  /** Whether every read was answered. */
  readonly ended: boolean
}

/**
 * Reads a few keys over and over. Each turn begins with one read that shows whether memory answers: if so, batches
 * follow that are timed; if not, that read is timed.
 */
export class KnownReads {
  readonly #cache: Cache
  readonly #source = new Source()
  readonly #hits = new Series()
  readonly #below = new Series()
  #next = 0
  #firstBelow: number | undefined
  #errors = 0
  #wrong: string | undefined
  #stopped = false
  #ended = false
  #running: Promise<void> | undefined

  constructor(cache: Cache) {
    this.#cache = cache
  }

  /** Begins when memory has all keys. */
  async start(): Promise<void> {
    await Promise.all(KEYS.map((key) => this.#cache.getOrSet(key, this.#source.load)))
    await until('memory to have all keys', async () => this.#hasAll())
    this.#source.loads = 0
    this.#running = this.#run()
  }

  /** Resolves with the time of the next read that memory does not answer. */
  async distrusted(): Promise<number> {
    this.#firstBelow = undefined
    await until('memory not to be served any more', async () => this.#firstBelow !== undefined, { timeoutMs: 60_000, everyMs: 1 })
    return this.#firstBelow!
  }

  /** Resolves with the time when memory is in step and has every key again. */
  async recovered(): Promise<number> {
    const isComplete = async (): Promise<boolean> => {
      await Promise.all(KEYS.map((key) => this.#read(key)))
      return this.#cache.stats().inStep && this.#hasAll()
    }
    await until('memory to be served again', isComplete, { timeoutMs: 60_000, everyMs: 1 })
    return monotonic()
  }

  /** Resolves when all are answered, or must have been. */
  async finish(): Promise<KnownReport> {
    this.#stopped = true
    await Promise.race([this.#running, delay(PATIENCE_MS, undefined, { ref: false })])
    if (this.#wrong !== undefined) throw new Error(this.#wrong)
    return { hits: this.#hits.sent(), below: this.#below.sent(), errors: this.#errors, loads: this.#source.loads, ended: this.#ended }
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await delay(1)
      try {
        if (await this.#isAnsweredByMemory()) await this.#timeHits()
      } catch {
        this.#errors++
      }
    }
    this.#ended = true
  }

  async #isAnsweredByMemory(): Promise<boolean> {
    const key = this.#nextKey()
    const hits = this.#memoryHits()
    this.#source.spent(key)
    const begun = monotonic()
    await this.#read(key)
    const ms = monotonic() - begun
    if (this.#memoryHits() > hits) return true
    this.#firstBelow ??= begun
    this.#below.push(begun, Math.max(0, ms - this.#source.spent(key)))
    return false
  }

  async #timeHits(): Promise<void> {
    const hits = this.#memoryHits()
    const batches: { begun: number; ms: number }[] = []
    for (let batch = 0; batch < BATCHES_PER_TURN; batch++) {
      const begun = monotonic()
      for (let i = 0; i < BATCH; i++) await this.#read(this.#nextKey())
      batches.push({ begun, ms: monotonic() - begun })
    }
    // Memory may have ceased to answer meanwhile; the next turn shows it.
    if (this.#memoryHits() - hits < BATCHES_PER_TURN * BATCH) return
    for (const { begun, ms } of batches) this.#hits.push(begun, (ms * 1e6) / BATCH)
  }

  async #read(key: string): Promise<void> {
    const value = await this.#cache.getOrSet(key, this.#source.load)
    if (value !== key) this.#wrong = `answered ${value} for ${key}`
  }

  #hasAll(): boolean {
    return KEYS.every((key) => this.#cache.getSync(key) === key)
  }

  #nextKey(): string {
    this.#next = (this.#next + 1) % KNOWN
    return KEYS[this.#next]!
  }

  #memoryHits(): number {
    return this.#cache.stats().tiers['memory']!.hit
  }
}
