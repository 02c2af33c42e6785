import type { Clock } from '@stratacache/core'

/** What is said once, and then counted for a while. */
export class Repeats<Line extends object> {
  readonly #clock: Clock
  readonly #windowMs: number
  readonly #write: (line: Line & { readonly repeated?: number }) => void
  readonly #last = new Map<string, { line: Line; repeated: number; timer: unknown }>()

  constructor(clock: Clock, windowMs: number, write: (line: Line & { readonly repeated?: number }) => void) {
    this.#clock = clock
    this.#windowMs = windowMs
    this.#write = write
  }

  /** Writes the first line of a kind at once, and the last one of the rest when the window is over. */
  say(kind: string, line: Line): void {
    const known = this.#last.get(kind)
    if (known !== undefined) {
      known.line = line
      known.repeated++
      return
    }
    this.#last.set(kind, { line, repeated: 0, timer: this.#clock.setTimeout(() => this.#end(kind), this.#windowMs) })
    this.#write(line)
  }

  /** Ends all windows. */
  flush(): void {
    for (const kind of this.#last.keys()) this.#end(kind)
  }

  #end(kind: string): void {
    const { line, repeated, timer } = this.#last.get(kind)!
    this.#clock.clearTimeout(timer)
    this.#last.delete(kind)
    if (repeated > 0) this.#write({ ...line, repeated })
  }
}
