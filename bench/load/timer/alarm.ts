import { Worker } from 'node:worker_threads'
import { monotonic } from '../../src/process/monotonic.ts'
import type { LoopClock } from '../open-loop.ts'

/**
 * Wakes the event loop at a time, more exactly than timers do, whose unit is the millisecond. A thread sleeps until
 * then; to poll instead would take the processor from the database.
 */
export class Alarm implements LoopClock, AsyncDisposable {
  readonly #thread = new Worker(new URL('alarm-thread.ts', import.meta.url))

  now(): number {
    return monotonic()
  }

  at(time: number): Promise<void> {
    return new Promise((resolve) => {
      this.#thread.once('message', () => resolve())
      this.#thread.postMessage(time)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }
}
