import type { Clock, TimerHandle } from './clock.ts'
import type { Entry } from './entry.ts'

/**
 * One read that is under way: of the tiers below memory, and of the source if they have nothing. Everybody who
 * asks for the key meanwhile waits for its answer. It may go on after it has answered: with a stale value at
 * first, or to store what it loaded.
 */
export class Flight {
  readonly key: string
  /** Loads even if a fresh entry is stored. */
  readonly refresh: boolean
  /** This machine's time. */
  readonly begun: number
  readonly answer: Promise<unknown>
  /** The entry to be replaced: the fallback when the load fails or is slow, and the loader's `ctx.stale`. */
  previous: Entry | undefined
  /** The logical time at which its load began; `undefined` before. */
  asOf: number | undefined
  /** The epoch of the stamp table up to which its result is known to be unaffected by tags. */
  epoch: number
  /** Overtaken by an invalidation: its result reaches those who wait for it, and nothing else. */
  fenced = false
  settled = false
  /** Those of its timeouts, while it loads. */
  timers: readonly TimerHandle[] | undefined
  #resolve!: (value: unknown) => void
  #reject!: (error: unknown) => void
  #waiters = 0
  #controller: AbortController | undefined
  #abortReason: unknown

  constructor(key: string, epoch: number, refresh: boolean, begun: number) {
    this.key = key
    this.epoch = epoch
    this.refresh = refresh
    this.begun = begun
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Created when it is first asked for: most loaders never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#abortReason !== undefined
  }

  abort(reason: unknown): void {
    if (this.#abortReason !== undefined) return
    this.#abortReason = reason
    this.#controller?.abort(reason)
  }

  resolve(value: unknown): void {
    this.settled = true
    this.#resolve(value)
  }

  reject(error: unknown): void {
    this.settled = true
    this.#reject(error)
  }

  disarm(clock: Clock): void {
    for (const timer of this.timers ?? []) clock.clearTimeout(timer)
  }

  /** Whether anybody asked for the answer: nobody does for a refresh in the background. */
  get isAwaited(): boolean {
    return this.#waiters > 0
  }

  /** One more caller waits. Says how many do. */
  enter(): number {
    return ++this.#waiters
  }

  /** A caller stopped waiting. The last one to leave aborts the load, whose answer is nobody's. */
  leave(reason: unknown): void {
    if (--this.#waiters === 0 && !this.settled) {
      this.fenced = true
      this.abort(reason)
      this.resolve(undefined)
    }
  }
}

/** The flights of one namespace, at most one that can be joined per key. */
export class Flights {
  /**
   * By key, those that can be joined. No Map: under this churn V8 replaces a Map's table every few dozen flights, each
   * old table points to the next, and once one of them is promoted they keep all that follow, with their flights,
   * alive until the next major collection.
   */
  readonly #joinable: Record<string, Flight> = Object.create(null) as Record<string, Flight>
  /** How many can be joined. Most often none, and then a key need not be looked for. */
  #count = 0
  /** Those that cannot be joined any more and have not ended. */
  readonly #detached = new Set<Flight>()

  /**
   * The flight a reader who starts now may wait for. Not one that began before any tag was invalidated: until it
   * has loaded nobody knows which tags it will carry. (One that an invalidation of its key overtook is not here.)
   *
   * @param since when it must have begun at the earliest: invalidations of before are known here
   */
  joinable(key: string, epoch: number, refresh: boolean, since: number): Flight | undefined {
    const flight = this.#joinable[key]
    if (flight === undefined || flight.aborted || flight.epoch !== epoch || flight.begun < since) return undefined
    return refresh && !flight.refresh ? undefined : flight
  }

  open(key: string, epoch: number, refresh: boolean, now: number): Flight {
    const flight = new Flight(key, epoch, refresh, now)
    const replaced = this.#joinable[key]
    if (replaced === undefined) this.#count++
    else this.#detached.add(replaced)
    this.#joinable[key] = flight
    return flight
  }

  /** Nobody joins the flight from now on: it has nothing that will be kept. */
  detach(flight: Flight): void {
    if (this.#remove(flight)) this.#detached.add(flight)
  }

  end(flight: Flight): void {
    if (!this.#remove(flight)) this.#detached.delete(flight)
  }

  /**
   * Fences the flight of a key unless its load began at `stamp` or later. One that has answered already, with a stale
   * value, has done so with what is older than its load.
   */
  fence(key: string, stamp: number): void {
    if (this.#count === 0) return
    const flight = this.#joinable[key]
    if (flight === undefined) return
    const isOvertaken = (flight.asOf ?? 0) < stamp
    if (isOvertaken) flight.fenced = true
    if (isOvertaken || flight.settled) this.detach(flight)
  }

  fenceAll(): void {
    for (const flight of this.airborne()) {
      flight.fenced = true
      this.detach(flight)
    }
  }

  /** All that have not ended. */
  airborne(): Flight[] {
    return [...Object.values(this.#joinable), ...this.#detached]
  }

  /** Says whether it could be joined until now. */
  #remove(flight: Flight): boolean {
    if (this.#joinable[flight.key] !== flight) return false
    delete this.#joinable[flight.key]
    this.#count--
    return true
  }
}
