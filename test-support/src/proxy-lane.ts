import type { Socket } from 'node:net'

/** What holds a direction up; shared by the lanes of every connection. */
export interface LaneState {
  delayMs: number
  paused: boolean
}

/** One direction of one connection: keeps the order of the bytes and lets them go when due. */
export class Lane {
  readonly #to: Socket
  readonly #state: LaneState
  readonly #delivered: (chunk: Buffer) => void
  readonly #queue: { chunk: Buffer | 'end'; due: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(to: Socket, state: LaneState, delivered: (chunk: Buffer) => void) {
    this.#to = to
    this.#state = state
    this.#delivered = delivered
  }

  push(chunk: Buffer | 'end'): void {
    this.#queue.push({ chunk, due: performance.now() + this.#state.delayMs })
    this.flush()
  }

  /** Sends what is due; called again whenever the state changed. */
  flush(): void {
    clearTimeout(this.#timer)
    while (!this.#state.paused) {
      const next = this.#queue[0]
      if (next === undefined) return
      const wait = next.due - performance.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.flush(), Math.ceil(wait))
        return
      }
      this.#queue.shift()
      if (next.chunk === 'end') {
        this.#to.end()
      } else {
        this.#to.write(next.chunk)
        this.#delivered(next.chunk)
      }
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#queue.length = 0
  }
}
