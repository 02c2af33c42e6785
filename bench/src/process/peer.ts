import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Answer, Order, Orders } from './message.ts'

/** A process of the experiment, started from a module that calls `serve`. It ends when this one hangs up. */
export class Peer<O extends Orders> implements AsyncDisposable {
  /** Resolves when it is open. */
  readonly opened: Promise<void>
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #asked = 0
  #end: string | undefined

  /** @param start what the process is started with: plain data */
  constructor(module: URL, start: unknown) {
    const execArgv = [...process.execArgv, '--expose-gc']
    this.#process = fork(module, [JSON.stringify(start)], { serialization: 'advanced', execArgv })
    this.#process.on('message', (answer: Answer) => this.#settle(answer))
    this.#process.once('exit', (code, signal) => this.#fail(`its process ended with ${code ?? signal}`))
    this.#process.once('error', (error) => this.#fail(error.message))
    this.opened = this.#answerTo(0) as Promise<void>
    // Whoever starts several waits for all of them, perhaps only after the first has failed.
    this.opened.catch(() => {})
  }

  ask<N extends keyof O & string>(name: N, ...[argument]: Parameters<O[N]>): Promise<Awaited<ReturnType<O[N]>>> {
    const order: Order = { id: ++this.#asked, name, argument }
    const answer = this.#answerTo(order.id)
    if (this.#end === undefined) this.#process.send(order)
    return answer as Promise<Awaited<ReturnType<O[N]>>>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#process.connected) return
    const exit = once(this.#process, 'exit')
    this.#process.disconnect()
    await exit
  }

  #answerTo(id: number): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(new Error(this.#end))
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    return waiting.promise
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(value)
    else waiting?.reject(new Error(error))
  }

  #fail(end: string): void {
    this.#end = end
    for (const { reject } of this.#waiting.values()) reject(new Error(end))
    this.#waiting.clear()
  }
}
