import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { readHistory } from '../history/history-file.ts'
import type { Line } from '../history/line.ts'
import { CACHES_PER_WORKER, type Pace, UNHANDLED, type WorkerReport, type WorkerStart } from '../worker/order.ts'
import type { Place } from '../subjects/subject.ts'

/** How long a worker may take to finish what it does and to close everything. */
const FAREWELL_MS = 15_000

export interface CrewOptions {
  readonly library: string
  readonly postgres: string
  readonly seed: number
  readonly folder: string
  readonly pace: Pace
  readonly place: (worker: number) => Place
}

interface Worker {
  readonly process: ChildProcess
  readonly history: string
}

/** The processes of the application under test. */
export class Crew {
  readonly #options: CrewOptions
  readonly #workers: Worker[] = []
  readonly #histories: string[] = []
  /** What went wrong beyond the history: rejections nobody handled, processes that did not end. */
  readonly complaints: string[] = []
  #instances = 0

  constructor(options: CrewOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#workers.length
  }

  /** Starts a worker in a place that is free, or in place of one that was killed. */
  async start(worker: number, clockShift = 0): Promise<void> {
    const { library, postgres, seed, folder, pace, place } = this.#options
    const instance = this.#instances
    this.#instances += CACHES_PER_WORKER
    const history = join(folder, `history-${instance}`)
    const start: WorkerStart = { library, postgres, place: place(worker), seed, instance, history, clockShift, pace }
    const child = fork(new URL('../worker/worker.ts', import.meta.url), [JSON.stringify(start)], { execArgv: ['--conditions=stratacache-source'] })
    this.#workers[worker] = { process: child, history }
    this.#histories.push(history)
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) => reject(new Error(`worker ${worker} ended before it was ready: ${code ?? signal}`)))
      child.on('message', (report: WorkerReport) => {
        if (report.kind === 'ready') resolve()
        else this.complaints.push(`unhandled rejection: ${report.error}`)
      })
    })
    child.removeAllListeners('exit')
    child.on('exit', (code) => {
      if (code !== null && code !== 0) this.complaints.push(code === UNHANDLED ? 'unhandled rejection while closing' : `worker ${worker} crashed with ${code}`)
    })
  }

  freeze(worker: number): void {
    this.#workers[worker]!.process.kill('SIGSTOP')
  }

  thaw(worker: number): void {
    this.#workers[worker]!.process.kill('SIGCONT')
  }

  async kill(worker: number): Promise<void> {
    const { process: child } = this.#workers[worker]!
    if (hasEnded(child)) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  /** Lets every worker finish and close. One that does not end by itself has left something open. */
  async dismiss(): Promise<void> {
    await Promise.all(
      this.#workers.map(async ({ process: child }, worker) => {
        if (hasEnded(child)) return
        const exit = once(child, 'exit')
        child.disconnect()
        const timer = setTimeout(() => {
          this.complaints.push(`worker ${worker} did not end within ${FAREWELL_MS} ms of being told to`)
          child.kill('SIGKILL')
        }, FAREWELL_MS)
        await exit
        clearTimeout(timer)
      }),
    )
  }

  /** Ends everything at once. */
  async abandon(): Promise<void> {
    for (const { process: child } of this.#workers) child.kill('SIGKILL')
  }

  history(): Line[] {
    return this.#histories.flatMap((path) => readHistory(path))
  }
}

/** A worker may have crashed: that is a complaint, and no reason to end the scene. */
const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null
