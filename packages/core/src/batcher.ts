/** Who waits for the reply to one request of a batch. */
export interface Waiter<Reply> {
  /** @param place of the request in its batch, from 0 */
  resolve(reply: Reply, place: number): void
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
    const waiter = Promise.withResolvers<Reply>()
    this.enqueue(request, waiter)
    return waiter.promise
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
      (replies) => waiters.forEach((waiter, place) => waiter.resolve(replies[place]!, place)),
      (error: unknown) => waiters.forEach((waiter) => waiter.reject(error)),
    )
  }
}
