/** By how many answers the followed one has to fall behind before another is followed: at first, and at most. */
const FEWEST = 12
const MOST = 128
/** What is left, after each round, of what changes have added to that. */
const CALMING = 1 - 1 / 16_384

/**
 * Follows the best of some that are asked the same, as long as it is the best: changes have a price, and the best may be
 * another one later. Each is as far behind as the answers it lacks against the best, which is the most that matters of the
 * past; when the followed one is behind by the price of a change, the best takes its place (work functions of task
 * systems: Borodin, Linial and Saks, "An Optimal On-Line Algorithm for Metrical Task System", JACM 1992).
 *
 * The price is not known. It is low at first, and doubles with each change: who changes often gains little by it.
 */
export class Contest {
  readonly #behind: Float64Array
  /** What all of them have answered. */
  readonly #all: number
  #followed: number
  #price = FEWEST

  constructor(contestants: number, followed: number) {
    this.#behind = new Float64Array(contestants)
    this.#all = 2 ** contestants - 1
    this.#followed = followed
  }

  get followed(): number {
    return this.#followed
  }

  /** @param answers a bit for each contestant, set if it had the answer */
  round(answers: number): void {
    this.#price = Math.max(FEWEST, this.#price * CALMING)
    if (answers === 0 || answers === this.#all) return
    const behind = this.#behind
    let best = 0
    for (let index = 0; index < behind.length; index++) {
      if ((answers & (1 << index)) === 0) behind[index]!++
      if (behind[index]! < behind[best]!) best = index
    }
    const least = behind[best]!
    for (let index = 0; index < behind.length; index++) behind[index] = Math.min(behind[index]! - least, this.#price)
    if (behind[this.#followed]! < this.#price) return
    this.#followed = best
    this.#price = Math.min(MOST, this.#price * 2)
  }
}
