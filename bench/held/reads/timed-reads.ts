import type { Cache } from '@stratacache/core'
import { until } from 'test-support'
import { monotonic } from '../../src/process/monotonic.ts'
import { type SentSeries, Series } from '../series.ts'
import { Source } from './source.ts'

/** Longer than any read may take: `hardTimeout` is 10 s. */
export const PATIENCE_MS = 15_000

export interface ReadsReport {
  /** Milliseconds of each read. */
  readonly ms: SentSeries
  /** Milliseconds of each read beyond its load. */
  readonly extra: SentSeries
  readonly issued: number
  readonly answered: number
  /** Reads that failed although their loader works. */
  readonly errors: number
  readonly loads: number
}

/** Reads at a steady pace, each of another key, whether or not those before it were answered. */
export class TimedReads {
  readonly #cache: Cache
  readonly #prefix: string
  readonly #source = new Source()
  readonly #ms = new Series()
  readonly #extra = new Series()
  #issued = 0
  #answered = 0
  #errors = 0
  #wrong: string | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param prefix of the keys; a number from 0 on follows it */
  constructor(cache: Cache, prefix: string) {
    this.#cache = cache
    this.#prefix = prefix
  }

  start(everyMs: number): void {
    this.#timer = setInterval(() => void this.#read(`${this.#prefix}${this.#issued++}`), everyMs)
  }

  /** Resolves when all are answered, or must have been. */
  async finish(): Promise<ReadsReport> {
    clearInterval(this.#timer)
    await until('all reads to be answered', async () => this.#answered === this.#issued, { timeoutMs: PATIENCE_MS }).catch(() => {})
    if (this.#wrong !== undefined) throw new Error(this.#wrong)
    return {
      ms: this.#ms.sent(),
      extra: this.#extra.sent(),
      issued: this.#issued,
      answered: this.#answered,
      errors: this.#errors,
      loads: this.#source.loads,
    }
  }

  async #read(key: string): Promise<void> {
    const begun = monotonic()
    try {
      const value = await this.#cache.getOrSet(key, this.#source.load)
      const ms = monotonic() - begun
      this.#ms.push(begun, ms)
      this.#extra.push(begun, ms - this.#source.spent(key))
      if (value !== key) this.#wrong = `answered ${value} for ${key}`
    } catch {
      this.#errors++
    }
    this.#answered++
  }
}
