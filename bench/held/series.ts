/** Samples with the time at which each was begun, on the clock that all processes of the machine share. */
export class Series {
  readonly #times: number[]
  readonly #values: number[]

  constructor(times: number[] = [], values: number[] = []) {
    this.#times = times
    this.#values = values
  }

  /** What another process has sent with `sent`. */
  static of({ times, values }: SentSeries): Series {
    return new Series([...times], [...values])
  }

  push(time: number, value: number): void {
    this.#times.push(time)
    this.#values.push(value)
  }

  /** Those of samples that began at `from` or later and before `to`. */
  between(from: number, to: number): number[] {
    return this.#values.filter((_, index) => this.#times[index]! >= from && this.#times[index]! < to)
  }

  sent(): SentSeries {
    return { times: Float64Array.from(this.#times), values: Float64Array.from(this.#values) }
  }
}

export interface SentSeries {
  readonly times: Float64Array
  readonly values: Float64Array
}
