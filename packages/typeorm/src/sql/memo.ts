const LONGEST_TEXT = 10_000
const MOST_TEXTS = 2_000

/** Remembers what a function makes of SQL: an application has not many texts, and executes them over and over. */
export class SqlMemo<R> {
  readonly #compute: (sql: string) => R
  readonly #known = new Map<string, R>()

  constructor(compute: (sql: string) => R) {
    this.#compute = compute
  }

  of(sql: string): R {
    const known = this.#known.get(sql)
    if (known !== undefined) return known
    const result = this.#compute(sql)
    if (sql.length > LONGEST_TEXT) return result
    // Where values are written into the texts there is no end to them.
    if (this.#known.size >= MOST_TEXTS) this.#known.clear()
    this.#known.set(sql, result)
    return result
  }
}
