/** Draws cities as often as people live there, the same ones in every run. */

import type { City } from './database.ts'

export class Sampler {
  readonly #cities: readonly City[]
  /** Of the cities up to and including each index, the population together. */
  readonly #upTo: Float64Array
  #state: number

  constructor(cities: readonly City[], seed: number) {
    this.#cities = cities.filter((city) => city.population > 0)
    this.#upTo = new Float64Array(this.#cities.length)
    this.#state = seed
    let people = 0
    this.#cities.forEach((city, index) => {
      people += city.population
      this.#upTo[index] = people
    })
  }

  city(): City {
    const person = this.random() * (this.#upTo.at(-1) ?? 0)
    let low = 0
    let high = this.#upTo.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#upTo[middle] ?? 0) > person) high = middle
      else low = middle + 1
    }
    const city = this.#cities[low]
    if (!city) throw new Error('no inhabited city to draw')
    return city
  }

  /** Uniform in [0, 1): mulberry32. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
