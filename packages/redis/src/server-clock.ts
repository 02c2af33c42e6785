/**
 * The server's time as seen from here, never earlier than it is as far as the replies tell: every reply bounds how
 * far it is ahead by when it was asked for and received. It decides only when a command is too late.
 */
export class ServerClock {
  #offset: number | undefined

  /** The server's time in µs, `inMs` from now. */
  micros(inMs: number): number {
    return Math.ceil((performance.now() + (this.#offset ?? 0) + inMs) * 1_000)
  }

  /** @param sent and `received`: `performance.now()`; `server`: µs */
  learn(sent: number, received: number, server: number): void {
    const low = server / 1_000 - received
    const high = server / 1_000 - sent
    if (this.#offset === undefined || this.#offset < low || this.#offset > high) this.#offset = high
  }
}
