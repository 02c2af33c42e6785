/**
 * Gathers the requests of one turn and hands them on together. `process.nextTick` runs when the microtasks that
 * are queued have run, so callers that were resumed by the same answer meet in one batch.
 */
export class Batcher<Request, Reply> {
  readonly #send: (requests: Request[]) => Promise<readonly Reply[]>
  readonly #limit: number
  #requests: Request[] = []
  #waiters: { resolve: (reply: Reply) => void; reject: (error: unknown) => void }[] = []

  /** @param limit the most requests of one batch */
  constructor(limit: number, send: (requests: Request[]) => Promise<readonly Reply[]>) {
    this.#limit = limit
    this.#send = send
  }

  add(request: Request): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      if (this.#requests.length === 0) process.nextTick(this.#flush)
      this.#requests.push(request)
      this.#waiters.push({ resolve, reject })
      if (this.#requests.length === this.#limit) this.#flush()
    })
  }

  readonly #flush = (): void => {
    const requests = this.#requests
    const waiters = this.#waiters
    if (requests.length === 0) return
    this.#requests = []
    this.#waiters = []
    this.#send(requests).then(
      (replies) => waiters.forEach((waiter, index) => waiter.resolve(replies[index]!)),
      (error: unknown) => waiters.forEach((waiter) => waiter.reject(error)),
    )
  }
}
