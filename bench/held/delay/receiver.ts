import type { Cache } from '@stratacache/core'
import { until } from 'test-support'
import { monotonic } from '../../src/process/monotonic.ts'
import { nameOf, numberOf } from './names.ts'

/** Notes when entries were gone from memory because another process has invalidated them. */
export class Receiver {
  readonly #cache: Cache
  /** By number; 0: not yet. */
  readonly #gone: Float64Array
  #failure: string | undefined

  constructor(cache: Cache, count: number) {
    this.#cache = cache
    this.#gone = new Float64Array(count)
  }

  start(): void {
    this.#cache.on('invalidate', ({ keys, tags, origin }) => {
      // The event comes before what it tells of.
      if (origin === 'remote') queueMicrotask(() => this.#note([...keys, ...tags]))
    })
  }

  async gone(numbers: Float64Array): Promise<Float64Array> {
    await until('all entries to be gone', async () => numbers.every((number) => this.#gone[number]! > 0))
    if (this.#failure !== undefined) throw new Error(this.#failure)
    return numbers.map((number) => this.#gone[number]!)
  }

  #note(names: readonly string[]): void {
    for (const name of names) {
      const number = numberOf(name)
      if (number === undefined) continue
      if (this.#cache.getSync(nameOf(number)) !== undefined) this.#failure = `${name} was in memory after it was invalidated`
      this.#gone[number] ||= monotonic()
    }
  }
}
