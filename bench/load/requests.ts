import { setTimeout } from 'node:timers/promises'

/** Longer than any answer takes that is still worth to be measured. Milliseconds. */
const PATIENCE = 10_000

/** Requests that are under way. The first that fails fails them all. */
export class Requests {
  #open = 0
  #failure: { readonly error: unknown } | undefined
  #wake = (): void => {}

  add(request: Promise<void>): void {
    this.#open++
    request.then(
      () => this.#closed(),
      (error: unknown) => {
        this.#failure ??= { error }
        this.#closed()
      },
    )
  }

  /**
   * Resolves when all are done.
   *
   * @throws when one has failed, or is not done in time
   */
  async drain(patience: number = PATIENCE): Promise<void> {
    if (this.#open > 0) {
      const done = new Promise<void>((resolve) => (this.#wake = resolve))
      const timer = new AbortController()
      await Promise.race([done, setTimeout(patience, undefined, { signal: timer.signal })])
      timer.abort()
    }
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#open > 0) throw new Error(`${this.#open} requests were not answered ${patience} ms after the last had arrived`)
  }

  #closed(): void {
    if (--this.#open === 0) this.#wake()
  }
}
