/** Runs what concerns one key one after another, in the order asked. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** How the action ends is nothing to the next one. */
  run<T>(key: string, action: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    const turn = before === undefined ? action() : before.then(action, action)
    this.#last.set(key, turn)
    const leave = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    }
    turn.then(leave, leave)
    return turn
  }

  /** Those that have not ended. */
  under(): readonly Promise<unknown>[] {
    return [...this.#last.values()]
  }
}
