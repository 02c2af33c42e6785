/** A column that exists once it has to hold something else than what most rows have. */
export class OptionalColumn<T> {
  readonly #usual: T
  #column: T[] | undefined

  constructor(usual: T) {
    this.#usual = usual
  }

  get(slot: number): T {
    return this.#column === undefined ? this.#usual : (this.#column[slot] ?? this.#usual)
  }

  set(slot: number, value: T): void {
    if (this.#column !== undefined) this.#column[slot] = value
    else if (value !== this.#usual && !(Array.isArray(value) && value.length === 0)) {
      // Without a gap before it, which would make the array a dictionary.
      this.#column = Array<T>(slot).fill(this.#usual)
      this.#column.push(value)
    }
  }

  release(slot: number): void {
    if (this.#column !== undefined) this.#column[slot] = this.#usual
  }

  clear(): void {
    this.#column = undefined
  }
}
