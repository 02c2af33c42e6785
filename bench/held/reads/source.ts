import { setTimeout as delay } from 'node:timers/promises'
import { monotonic } from '../../src/process/monotonic.ts'

/** How long a load takes, nominally. */
export const LOAD_MS = 5

/** A source that is slow and always answers: the value of a key is its name. It remembers how long each load took. */
export class Source {
  loads = 0
  readonly #took = new Map<string, number>()

  readonly load = async ({ key }: { readonly key: string }): Promise<string> => {
    const begun = monotonic()
    this.loads++
    await delay(LOAD_MS)
    this.#took.set(key, monotonic() - begun)
    return key
  }

  /** Milliseconds that the last load of the key took, and forgets them; 0 when there was none. */
  spent(key: string): number {
    const ms = this.#took.get(key) ?? 0
    this.#took.delete(key)
    return ms
  }
}
