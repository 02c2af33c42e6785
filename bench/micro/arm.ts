import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Order, Report, Start, Work } from './order.ts'
import { KEYS } from './users.ts'

/** A library in a process of its own: no arm shares compiled code or a heap with another. */
export class Arm implements AsyncDisposable {
  readonly name: string
  readonly #process: ChildProcess

  private constructor(name: string, process: ChildProcess) {
    this.name = name
    this.#process = process
  }

  /** Resolves when its cache is open. */
  static async start(options: Start): Promise<Arm> {
    const process = fork(new URL('arm-process.ts', import.meta.url), [JSON.stringify(options)])
    const arm = new Arm(options.library, process)
    await arm.#report()
    return arm
  }

  /** Checks the answer to every key, and how many loads there were so far: one for each, where no other process loads. */
  async verify(inFlight: number, loads: number = KEYS.length): Promise<void> {
    await this.#tell({ do: 'verify', inFlight, loads })
  }

  /** Nanoseconds per read. */
  async time(work: Work): Promise<number> {
    const { ns } = await this.#tell({ do: 'time', work })
    return ns!
  }

  /** Resolves after so many reads. */
  async repeat(inFlight: number, times: number): Promise<void> {
    await this.#tell({ do: 'repeat', inFlight, times })
  }

  /** Reads a key many times at once, when the clock says `at`. */
  async rush(key: string, times: number, at: number): Promise<void> {
    await this.#tell({ do: 'rush', key, times, at })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#process.connected) return
    const exit = once(this.#process, 'exit')
    this.#process.disconnect()
    await exit
  }

  #tell(order: Order): Promise<Report> {
    this.#process.send(order)
    return this.#report()
  }

  #report(): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`${this.name}: its process ended with ${code}`))
      this.#process.once('exit', onExit)
      this.#process.once('message', (report: Report) => {
        this.#process.off('exit', onExit)
        if (report.error === undefined) resolve(report)
        else reject(new Error(`${this.name}: ${report.error}`))
      })
    })
  }
}
