import type { InvalidationSink } from '@stratacache/core'

const MOST_REFUSED = 100

/** What fails and has no caller to go to. */
export class Failures {
  readonly #sink: () => InvalidationSink
  readonly #onError: ((error: unknown) => void) | undefined
  readonly #refused = new Set<string>()

  constructor(sink: () => InvalidationSink, onError: ((error: unknown) => void) | undefined) {
    this.#sink = sink
    this.#onError = onError
  }

  /** To `onError` and to the event `sourceError`. */
  readonly report = (error: unknown): void => {
    this.#sink().failed(error)
    this.tell(error)
  }

  /** To `onError` alone: the event has told already. */
  tell(error: unknown): void {
    try {
      this.#onError?.(error)
    } catch (reason) {
      this.#sink().failed(reason)
    }
  }

  /** A column whose values cannot be cached: once. */
  readonly refuse = (column: string): void => {
    if (this.#refused.has(column) || this.#refused.size === MOST_REFUSED) return
    this.#refused.add(column)
    this.report(new TypeError(`what is read with the column '${column}' is not cached: its values are of a class that cannot be copied`))
  }
}
