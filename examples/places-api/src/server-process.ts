/** The demo's handle on one server process. Emits `error` when the process ends without having been asked to. */

import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter, on, once } from 'node:events'

import type { Command, Message, ProcessName, ServerConfig, ToldEvent } from './messages.ts'

const STOP_WITHIN_MS = 3_000

interface Emitted {
  listening: [port: number]
  event: [event: ToldEvent, at: number]
  /** It has taken note of an invalidation of the other process. */
  invalidated: [at: number]
  error: [error: Error]
}

export class ServerProcess extends EventEmitter<Emitted> implements AsyncDisposable {
  readonly name: ProcessName
  readonly #child: ChildProcess
  readonly #past: { event: ToldEvent; at: number }[] = []
  #port = 0
  #stopping = false

  static async start(config: ServerConfig): Promise<ServerProcess> {
    const server = new ServerProcess(config.name)
    server.#send({ type: 'start', config })
    ;[server.#port] = await once(server, 'listening')
    return server
  }

  private constructor(name: ProcessName) {
    super()
    this.name = name
    this.#child = fork(new URL('server.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (message: Message) => this.#receive(message))
    this.#child.once('exit', (code, signal) => {
      if (!this.#stopping) this.emit('error', new Error(`server process ${name} ended by itself (${signal ?? code})`))
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  bypassCache(on: boolean): void {
    this.#send({ type: 'bypass', on })
  }

  /** When the event happened, the first time after `since`; undefined if it has not after `withinMs`. */
  async told(event: ToldEvent, since: number, withinMs: number): Promise<number | undefined> {
    const signal = AbortSignal.timeout(withinMs)
    for (;;) {
      const seen = this.#past.find((told) => told.event === event && told.at >= since)
      if (seen) return seen.at
      try {
        await once(this, 'event', { signal })
      } catch {
        return undefined
      }
    }
  }

  /** When this process took note of an invalidation, the first time after `since`; undefined if not in time. */
  async heard(since: number, withinMs: number): Promise<number | undefined> {
    const signal = AbortSignal.timeout(withinMs)
    try {
      for await (const [at] of on(this, 'invalidated', { signal })) if (at >= since) return at
    } catch {
      // Not in time.
    }
    return undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS)
    this.#child.disconnect()
    await exit
    clearTimeout(impatience)
  }

  #send(command: Command): void {
    this.#child.send(command)
  }

  #receive(message: Message): void {
    if (message.type === 'listening') this.emit('listening', message.port)
    if (message.type === 'invalidated') this.emit('invalidated', message.at)
    if (message.type === 'event') {
      this.#past.push(message)
      this.emit('event', message.event, message.at)
    }
  }
}
