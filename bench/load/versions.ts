/** Which version of each row this process has seen committed, and invalidated. */
export class Versions {
  readonly #done = new Map<number, number>()

  /** A change is done. Changes of a row may end in another order than they were committed in. */
  done(id: number, version: number): void {
    this.#done.set(id, Math.max(version, this.least(id)))
  }

  /** The oldest version that a read that begins now may answer with. */
  least(id: number): number {
    return this.#done.get(id) ?? 0
  }
}
