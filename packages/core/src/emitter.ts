import { warn } from './error.ts'
import type { CacheEvents } from './events.ts'

type Listener = (event: never) => void

/** Typed events. A listener that throws harms neither the cache nor the other listeners. */
export class Emitter {
  readonly #listeners = new Map<keyof CacheEvents, Set<Listener>>()
  /** Read on the hot path: whether a memory hit has to say so. */
  hearsHits = false

  on<E extends keyof CacheEvents>(event: E, listener: (event: CacheEvents[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<Listener>()
    this.#listeners.set(event, listeners)
    listeners.add(listener as Listener)
    this.#note()
    return () => {
      listeners.delete(listener as Listener)
      this.#note()
    }
  }

  hears(event: keyof CacheEvents): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0
  }

  emit<E extends keyof CacheEvents>(event: E, message: CacheEvents[E]): void {
    const listeners = this.#listeners.get(event)
    if (listeners === undefined) return
    for (const listener of listeners) {
      try {
        ;(listener as (event: CacheEvents[E]) => void)(message)
      } catch (error) {
        warn(`a listener of the cache event '${event}'`, error)
      }
    }
  }

  #note(): void {
    this.hearsHits = this.hears('hit')
  }
}
