import { RefusedError, TierError } from '../src/error.ts'

/** What a store can be asked. */
export type Operation =
  | 'connect' | 'read' | 'lease' | 'fill' | 'release' | 'write' | 'writeLeased' | 'invalidate' | 'discard' | 'inspect'
  | 'openLog' | 'startLog' | 'readLog'

/** Holds one operation at one point. */
export interface Gate {
  /** Resolves when an operation is held. */
  readonly reached: Promise<void>
  /** Lets it go on. */
  open(): void
}

interface Held {
  readonly operation: Operation
  readonly point: 'request' | 'reply'
  reach(): void
  readonly opened: Promise<void>
}

/** Switches for what can go wrong between a process and its shared tier. Every operation passes here twice. */
export class Faults {
  /** Operations that were executed, for counting. */
  readonly executed: Operation[] = []
  #isDown = false
  #hangs = false
  readonly #gates: Held[] = []
  readonly #lost = new Set<Operation>()
  readonly #refused = new Set<Operation>()

  /** Every operation fails at once. */
  down(): void {
    this.#isDown = true
  }

  /** Every operation hangs for ever. */
  hang(): void {
    this.#hangs = true
  }

  /** Operations of these kinds are answered with an error, as by a server whose memory is full. */
  refuse(...operations: readonly Operation[]): void {
    for (const operation of operations) this.#refused.add(operation)
  }

  up(): void {
    this.#isDown = false
    this.#hangs = false
    this.#refused.clear()
  }

  /** The next operation of a kind waits at the gate before it is executed. */
  holdRequest(operation: Operation): Gate {
    return this.#hold(operation, 'request')
  }

  /** The next operation of a kind is executed, and its answer waits at the gate. */
  holdReply(operation: Operation): Gate {
    return this.#hold(operation, 'reply')
  }

  /** The next operation of a kind is executed, and its answer is lost. */
  loseReply(operation: Operation): void {
    this.#lost.add(operation)
  }

  async before(operation: Operation): Promise<void> {
    if (this.#hangs) await new Promise(() => {})
    if (this.#isDown) throw new TierError('shared', 'down')
    if (this.#refused.has(operation)) throw new RefusedError('shared', 'refused')
    await this.#pass(operation, 'request')
  }

  async after(operation: Operation): Promise<void> {
    this.executed.push(operation)
    if (this.#lost.delete(operation)) throw new TierError('shared', 'connection lost')
    await this.#pass(operation, 'reply')
    if (this.#isDown) throw new TierError('shared', 'connection lost')
  }

  #hold(operation: Operation, point: Held['point']): Gate {
    let reach!: () => void
    let open!: () => void
    const reached = new Promise<void>((resolve) => (reach = resolve))
    const opened = new Promise<void>((resolve) => (open = resolve))
    this.#gates.push({ operation, point, reach, opened })
    return { reached, open }
  }

  async #pass(operation: Operation, point: Held['point']): Promise<void> {
    const index = this.#gates.findIndex((gate) => gate.operation === operation && gate.point === point)
    if (index < 0) return
    const [gate] = this.#gates.splice(index, 1)
    gate!.reach()
    await gate!.opened
  }
}
