import { setTimeout as delay } from 'node:timers/promises'
import type { Cache, InvalidationResult } from '@stratacache/core'
import { isTag, nameText } from './names.ts'

const EVERY_MS = 1

/** Invalidates one name after the other, without waiting for the answers. */
export class Queue {
  readonly #cache: Cache
  readonly #process: number
  #number = 0
  #answers: Promise<InvalidationResult>[] = []
  #going: Promise<void> = Promise.resolve()

  constructor(cache: Cache, process: number) {
    this.#cache = cache
    this.#process = process
  }

  /** Begins again at 0 and resolves when so many names are queued. */
  async fill(count: number): Promise<void> {
    this.#number = 0
    this.#answers = []
    while (this.#number < count) await this.#invalidate()
    const results = await Promise.all(this.#answers)
    if (results.some(({ status }) => status !== 'queued')) throw new Error('an invalidation was applied while Redis was away')
  }

  /** Goes on while anything is queued. */
  goOn(): void {
    this.#going = this.#run()
  }

  /** Resolves when every invalidation was answered. Says how many there were. */
  async end(): Promise<number> {
    await this.#going
    await Promise.all(this.#answers)
    return this.#number
  }

  async #run(): Promise<void> {
    while (this.#cache.stats().queued > 0) await this.#invalidate()
  }

  async #invalidate(): Promise<void> {
    const name = { process: this.#process, number: this.#number++ }
    this.#answers.push(this.#cache.invalidate(isTag(name) ? { tags: [nameText(name)] } : { keys: [nameText(name)] }))
    await delay(EVERY_MS)
  }
}
