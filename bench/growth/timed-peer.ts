import type { Timed } from '../src/compare.ts'
import { Peer } from '../src/process/peer.ts'

/** How much is timed. */
export interface Effort {
  /** Operations per sample. */
  readonly times: number
  /** Samples at least. */
  readonly samples: number
}

/** What a process of `TimedPeer` obeys. A type, so that it fits the orders of a `Peer`. */
export type TimedOrders = {
  /** Nanoseconds per operation. */
  time(effort: Effort): Promise<number>
}

/** What is timed in a process of its own. */
export class TimedPeer implements Timed<Effort>, AsyncDisposable {
  readonly name: string
  readonly #peer: Peer<TimedOrders>

  private constructor(name: string, peer: Peer<TimedOrders>) {
    this.name = name
    this.#peer = peer
  }

  /**
   * Resolves when it can be timed.
   *
   * @param start what the process is started with: plain data
   */
  static async start(name: string, module: URL, start: unknown): Promise<TimedPeer> {
    const peer = new Peer<TimedOrders>(module, start)
    await peer.opened
    return new TimedPeer(name, peer)
  }

  time(effort: Effort): Promise<number> {
    return this.#peer.ask('time', effort)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer[Symbol.asyncDispose]()
  }
}
