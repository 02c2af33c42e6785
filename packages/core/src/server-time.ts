/**
 * How far the shared tier's clock is ahead of this machine's (F. Cristian, "Probabilistic clock synchronization",
 * 1989): every reply bounds the offset by the times at which it was asked for and received; the estimate stays
 * where it is while it lies within the bounds, and moves to the nearer one when it does not.
 */
export class ServerTime {
  #offset: number | undefined

  /** Milliseconds to add to this machine's time. */
  get offset(): number {
    return this.#offset ?? 0
  }

  learn(sent: number, received: number, server: number): void {
    const low = server - received
    const high = server - sent
    if (this.#offset === undefined) this.#offset = (low + high) / 2
    else if (this.#offset < low) this.#offset = low
    else if (this.#offset > high) this.#offset = high
  }
}
