/** Looks per patience: a connection is given up between once and one and a half times its patience. */
const LOOKS = 2

/** What is watched. */
export interface Watched {
  /** Whether an answer is due even if nothing was sent through here, as when a connection has just been made. */
  expects(): boolean
  /** Ends the connection. */
  giveUp(): void
}

/**
 * Gives up a connection that is open and dead: one from which nothing comes while answers are due. It looks at regular
 * times, because a timer for every command would cost more than the command's own work.
 */
export class Watchdog {
  readonly #watched: Watched
  readonly #timer: NodeJS.Timeout
  #due = 0
  #quietLooks = 0

  /** @param patienceMs how long nothing may come while an answer is due */
  constructor(watched: Watched, patienceMs: number) {
    this.#watched = watched
    this.#timer = setInterval(() => this.#look(), patienceMs / LOOKS).unref()
  }

  /** An answer that is due. */
  await(answer: Promise<unknown>): void {
    this.#due++
    answer.then(this.#heard, this.#heard)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  readonly #heard = (): void => {
    this.#due--
    this.#quietLooks = 0
  }

  #look(): void {
    if (this.#due === 0 && !this.#watched.expects()) this.#quietLooks = 0
    else if (++this.#quietLooks > LOOKS) {
      this.#quietLooks = 0
      this.#watched.giveUp()
    }
  }
}
