import type { Line } from '../history/line.ts'

/** The highest value that was reached until a time, and by what: running maxima over events in the order of time. */
export class Ceiling {
  readonly #events: { readonly at: number; readonly value: number; readonly line: Line }[] = []
  #maxima: { readonly at: number; readonly value: number; readonly line: Line }[] | undefined

  add(at: number, value: number, line: Line): void {
    this.#events.push({ at, value, line })
    this.#maxima = undefined
  }

  /** Of all events strictly before `time`. */
  before(time: number): { readonly value: number; readonly line: Line } | undefined {
    const maxima = (this.#maxima ??= this.#rise())
    let low = 0
    let high = maxima.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (maxima[middle]!.at < time) low = middle + 1
      else high = middle
    }
    return maxima[low - 1]
  }

  #rise(): { readonly at: number; readonly value: number; readonly line: Line }[] {
    const maxima: { readonly at: number; readonly value: number; readonly line: Line }[] = []
    for (const event of this.#events.toSorted((a, b) => a.at - b.at)) {
      if (event.value > (maxima.at(-1)?.value ?? -Infinity)) maxima.push(event)
    }
    return maxima
  }
}

/** One ceiling per name, made when it is first asked for. */
export class Ceilings {
  readonly #byName = new Map<string, Ceiling>()

  of(name: string): Ceiling {
    let ceiling = this.#byName.get(name)
    if (ceiling === undefined) this.#byName.set(name, (ceiling = new Ceiling()))
    return ceiling
  }
}
