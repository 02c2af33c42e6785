/** Who waits for the reply to one request of a batch. */
export interface Waiter<Reply> {
  resolve(reply: Reply): void
  reject(error: unknown): void
}

/**
 * Gathers the requests of one turn and hands them on together. `process.nextTick` runs when the microtasks that
 * are queued have run, so callers that were resumed by the same answer meet in one batch.
 */
export class Batcher<Request, Reply> {
  readonly #send: (requests: Request[]) => Promise<readonly Reply[]>
  readonly #limit: number
  #requests: Request[] = []
  #waiters: Waiter<Reply>[] = []

  /** @param limit the most requests of one batch */
  constructor(limit: number, send: (requests: Request[]) => Promise<readonly Reply[]>) {
    this.#limit = limit
    this.#send = send
  }

  add(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => this.enqueue(request, { resolve, reject }))
  }

  /** As `add`, without a promise. */
  enqueue(request: Request, waiter: Waiter<Reply>): void {
    if (this.#requests.length === 0) process.nextTick(this.#flush)
    this.#requests.push(request)
    this.#waiters.push(waiter)
    if (this.#requests.length === this.#limit) this.#flush()
  }

  readonly #flush = (): void => {
    const requests = this.#requests
    const waiters = this.#waiters
    if (requests.length === 0) return
    this.#requests = []
    this.#waiters = []
    this.#send(requests).then(
      (replies) => {
        for (let i = 0; i < waiters.length; i++) waiters[i]!.resolve(replies[i]!)
      },
      (error: unknown) => {
        for (const waiter of waiters) waiter.reject(error)
      },
    )
  }
}
