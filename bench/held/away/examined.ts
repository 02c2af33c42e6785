import type { Target } from '../../src/target.ts'
import { distribution, percentile } from '../distribution.ts'
import type { Cell } from '../results.ts'
import { Series } from '../series.ts'
import { KNOWN } from './known-reads.ts'
import type { Lived } from './live.ts'
import type { Settings } from './settings.ts'

/** A miss that began this shortly before Redis went away may have met that. */
const OVERTAKEN_MS = 20
/** What timers and other work of the process may add to a time. */
const SLACK_MS = 50

/** What one outage has shown. */
export class Examined {
  readonly #lived: Lived
  readonly #settings: Settings
  readonly #hits: Series
  readonly #below: Series
  readonly #extra: Series

  constructor(lived: Lived, settings: Settings) {
    this.#lived = lived
    this.#settings = settings
    this.#hits = Series.of(lived.known.hits)
    this.#below = Series.of(lived.known.below)
    this.#extra = Series.of(lived.misses.extra)
    this.#assertLoads()
  }

  /** Of memory hits. */
  hits(): Cell[][] {
    const { before, away, distrusted, after, end } = this.#lived.times
    return [this.#row('before', this.#hits, before, away), this.#row('away', this.#hits, away, distrusted), this.#row('after', this.#hits, after, end)]
  }

  misses(): Cell[][] {
    const { before, away, back, after, end } = this.#lived.times
    const met = away - OVERTAKEN_MS
    return [
      this.#row('before', this.#extra, before, met),
      this.#row('away', this.#extra, met, back),
      this.#row('returning', this.#extra, back, after),
      this.#row('after', this.#extra, after, end),
    ]
  }

  /** Of known keys, once memory was not trusted any more. */
  beyond(): Cell[][] {
    const { distrusted, back, after } = this.#lived.times
    return [this.#row('away', this.#below, distrusted, back), this.#row('returning', this.#below, back, after)]
  }

  summary(): Cell[] {
    const { name, misses, known, times } = this.#lived
    return [name, misses.issued, misses.loads, known.loads, times.distrusted - times.away, times.after - times.back, this.#waits(), this.#cooldowns()]
  }

  get name(): string {
    return this.#lived.name
  }

  /** p99 of a memory hit while Redis is away, in relation to that before. */
  get slowdown(): number {
    const { before, away, distrusted } = this.#lived.times
    const p99 = (from: number, to: number): number => percentile(this.#hits.between(from, to), 0.99)
    return p99(away, distrusted) / p99(before, away)
  }

  /** What must hold in every outage. */
  bounds(): Target[] {
    const { name, times, misses, known } = this.#lived
    const { maxUnsynced, commandTimeout } = this.#settings
    const met = this.#extra.between(times.away - OVERTAKEN_MS, times.back)
    const atMost = (text: string, measured: number, limit: number, unit: string): Target => ({ text: `${name}: ${text}`, measured, rule: 'at most', limit, unit })
    return [
      atMost('memory served after Redis went away, at most maxUnsynced', times.distrusted - times.away, maxUnsynced, ' ms'),
      atMost('a miss beyond its load, p50', percentile(met, 0.5), 1, ' ms'),
      atMost('a miss beyond its load, max, at most commandTimeout', percentile(met, 1), commandTimeout + SLACK_MS, ' ms'),
      atMost('reads that waited for Redis although it had not answered for commandTimeout, per cooldown', this.#waits() / this.#cooldowns(), 1, ''),
      atMost('errors that reached a caller', misses.errors + known.errors, 0, ''),
      atMost('reads that were not answered', misses.issued - misses.answered + (known.ended ? 0 : 1), 0, ''),
    ]
  }

  /** Reads that began when the circuit breaker should have been open, and waited for Redis all the same. */
  #waits(): number {
    return [this.#extra, this.#below].flatMap((series) => series.between(this.#opened(), this.#lived.times.back)).filter((ms) => ms > SLACK_MS).length
  }

  #cooldowns(): number {
    return Math.max(1, Math.ceil((this.#lived.times.back - this.#opened()) / this.#settings.cooldown))
  }

  /** The breaker opens when the deadline of the first reads that met the outage is over. */
  #opened(): number {
    return this.#lived.times.away + this.#settings.commandTimeout + SLACK_MS
  }

  /**
   * Every key that nobody has is loaded once; every known key at most once per `unsyncedTtl`, and when Redis is back empty once, or
   * twice where what was loaded first is cleared as the log is found to be gone.
   */
  #assertLoads(): void {
    const { name, misses, known, times } = this.#lived
    const answered = misses.answered - misses.errors
    if (misses.loads < answered || misses.loads > misses.issued) throw new Error(`${name}: ${misses.issued} misses took ${misses.loads} loads`)
    const each = Math.ceil((times.end - times.distrusted) / this.#settings.unsyncedTtl) + 3
    if (known.loads > each * KNOWN) throw new Error(`${name}: ${known.loads} loads of ${KNOWN} known keys`)
  }

  #row(phase: string, series: Series, from: number, to: number): Cell[] {
    return [`${this.#lived.name}: ${phase}`, ...distribution(series.between(from, to))]
  }
}
