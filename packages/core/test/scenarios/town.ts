import { type Cache, type CacheConfig, createCache, memory } from '@stratacache/core'
import { type ManualClock, manualClock, rest, SharedMemory, type SharedMemoryOptions } from '@stratacache/core/testing'

/** Processes that share a backend in memory and a clock that stands still. */
export class Town implements AsyncDisposable {
  readonly clock: ManualClock = manualClock()
  readonly backend: SharedMemory
  readonly #caches: Cache[] = []

  constructor(options: SharedMemoryOptions = {}) {
    this.backend = new SharedMemory({ clock: this.clock, ...options })
  }

  /** One more process, in step. */
  async process(config: CacheConfig = {}): Promise<Cache> {
    const cache = createCache({
      tiers: [memory({ maxEntries: 100 }), this.backend.tier()],
      clock: this.clock,
      random: () => 0.5,
      jitter: 0,
      ...config,
    })
    this.#caches.push(cache)
    await rest()
    return cache
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.backend.faults.up()
    const closing = Promise.all(this.#caches.map((cache) => cache.close()))
    await this.clock.advance(5_000)
    await closing
  }
}

/** What an event brings, collected. */
export function heard<E extends Parameters<Cache['on']>[0]>(cache: Cache, event: E): unknown[] {
  const messages: unknown[] = []
  cache.on(event, (message) => messages.push(message))
  return messages
}
