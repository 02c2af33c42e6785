const FIRST = 0.01
const MOST = 0.8
const STEP = 0.0625
const DECAY = 0.98
/** A hit ratio that changes by that much: the requests have become others, and the steps are large again. */
const RESTART = 0.05
/** Requests for each entry until the next step. */
const SAMPLE_PER_ENTRY = 10

/** Finds a share by small steps: on in the direction in which the hit ratio rose, back where it fell. */
export class HillClimber {
  share: number = FIRST
  #step = -STEP
  #ratio = 0
  #requests = 0
  #hits = 0

  request(isHit: boolean): void {
    this.#requests++
    if (isHit) this.#hits++
  }

  /** Takes a step if enough requests of a cache of `entries` were seen since the last. */
  climb(entries: number): void {
    if (this.#requests < SAMPLE_PER_ENTRY * entries) return
    const ratio = this.#hits / this.#requests
    const change = ratio - this.#ratio
    const step = change >= 0 ? this.#step : -this.#step
    this.#step = Math.abs(change) >= RESTART ? Math.sign(step) * STEP : step * DECAY
    this.#ratio = ratio
    this.#requests = 0
    this.#hits = 0
    this.share = Math.min(MOST, Math.max(FIRST, this.share + step))
  }
}
