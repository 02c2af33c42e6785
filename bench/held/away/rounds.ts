import type { Target } from '../../src/target.ts'
import type { Examined } from './examined.ts'

/** The same outage, lived through several times. */
export class Rounds {
  readonly #bySlowdown: readonly Examined[]

  constructor(each: readonly Examined[]) {
    this.#bySlowdown = each.toSorted((a, b) => a.slowdown - b.slowdown)
  }

  /** The one whose slowdown is the median. */
  get middle(): Examined {
    return this.#bySlowdown[this.#bySlowdown.length >> 1]!
  }

  /** The median of what compares two times, as the machine is at times slower as a whole; of all else the worst. */
  targets(): Target[] {
    const { name, slowdown } = this.middle
    const [first, ...others] = this.#bySlowdown.map((each) => each.bounds())
    const worst = first!.map((target, index) => ({ ...target, measured: Math.max(target.measured, ...others.map((each) => each[index]!.measured)) }))
    return [{ text: `${name}: p99 of a memory hit, away against before`, measured: slowdown, rule: 'at most', limit: 1.2, unit: ' ×' }, ...worst]
  }
}
