import { createHook } from 'node:async_hooks'

/** Timers and connections that code below `packages/*\/src` has begun, and what began them. */
export class Leaks {
  readonly #open = new Map<number, string>()
  readonly #hook = createHook({
    init: (id, type) => {
      if (!/^(Timeout|Immediate|TCPWRAP|GETADDRINFOREQWRAP)$/.test(type)) return
      const { stackTraceLimit } = Error
      Error.stackTraceLimit = 50
      const origin = /packages\/(?:core|redis)\/src\/\S+/.exec(new Error().stack!)
      Error.stackTraceLimit = stackTraceLimit
      if (origin !== null) this.#open.set(id, `${type} of ${origin[0]}`)
    },
    destroy: (id) => void this.#open.delete(id),
  }).enable()

  /** Those that have not ended. */
  get open(): string[] {
    return [...this.#open.values()]
  }

  stop(): void {
    this.#hook.disable()
  }
}
