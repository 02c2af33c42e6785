import { warn } from './error.ts'
import type { CacheEvents } from './events.ts'

type Listener = (event: never) => unknown

/** Typed events. A listener that throws or rejects harms neither the cache nor the other listeners. */
export class Emitter {
  readonly #listeners = new Map<keyof CacheEvents, Set<Listener>>()
  readonly #onChange: () => void

  /** @param onChange a listener has come or gone */
  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  on<E extends keyof CacheEvents>(event: E, listener: (event: CacheEvents[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<Listener>()
    this.#listeners.set(event, listeners)
    listeners.add(listener)
    this.#onChange()
    return () => {
      listeners.delete(listener)
      this.#onChange()
    }
  }

  hears(event: keyof CacheEvents): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0
  }

  emit<E extends keyof CacheEvents>(event: E, message: CacheEvents[E]): void {
    const listeners = this.#listeners.get(event)
    if (listeners === undefined) return
    const failed = (error: unknown): void => warn(`a listener of the cache event '${event}'`, error)
    for (const listener of listeners) {
      try {
        const outcome = (listener as (event: CacheEvents[E]) => unknown)(message)
        if (outcome instanceof Promise) outcome.catch(failed)
      } catch (error) {
        failed(error)
      }
    }
  }
}
