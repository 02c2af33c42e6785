/** Empties a queue, for a while. Says whether it is empty. Never rejects. */
type Drain = () => Promise<boolean>

const ALIVE_MS = 60_000

/**
 * Empties queues before the process ends: on signals, and when nothing is left to do. After a signal that nobody else
 * listens to, the process ends as it would have without us.
 */
class ExitWatch {
  readonly #drains = new Map<NodeJS.Signals | 'beforeExit', Set<Drain>>()

  /** Returns what forgets the queue. */
  add(drain: Drain, signals: readonly NodeJS.Signals[]): () => void {
    const events = [...signals, 'beforeExit'] as const
    for (const event of events) {
      const drains = this.#drains.get(event) ?? new Set<Drain>()
      if (drains.size === 0) process.on(event as 'beforeExit', this.#onEvent)
      this.#drains.set(event, drains.add(drain))
    }
    return () => {
      for (const event of events) {
        const drains = this.#drains.get(event)!
        if (drains.delete(drain) && drains.size === 0) process.off(event, this.#onEvent)
      }
    }
  }

  readonly #onEvent = (event: NodeJS.Signals | number): void => {
    const name = typeof event === 'string' ? event : 'beforeExit'
    void this.#drain(name).then(() => {
      if (name === 'beforeExit' || process.listenerCount(name) > 1) return
      process.off(name, this.#onEvent)
      process.kill(process.pid, name)
    })
  }

  async #drain(name: NodeJS.Signals | 'beforeExit'): Promise<void> {
    // The timers of a cache do not keep a process alive.
    const alive = setInterval(() => {}, ALIVE_MS)
    const drains = this.#drains.get(name)!
    await Promise.all([...drains].map(async (drain) => {
      // Node says so again whenever there is nothing left to do: what could not be emptied is given up.
      if (!(await drain()) && name === 'beforeExit') drains.delete(drain)
    }))
    clearInterval(alive)
  }
}

export const exitWatch: ExitWatch = /* @__PURE__ */ new ExitWatch()
