import type { Clock } from './clock.ts'

/** `closed`: ask. `open`: do not ask until the cooldown is over. `halfOpen`: one probe is under way. `off`: never ask. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'halfOpen' }
  | { readonly kind: 'off' }

/**
 * Stops asking a backend that does not answer, and lets one probe through per cooldown (M. Nygard, "Release It!"). An
 * error in answer is an answer.
 */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #failures: number
  readonly #cooldown: number
  #state: BreakerState = { kind: 'closed', failures: 0 }
  /** Raised by every probe: what was asked in an earlier era and fails tells nothing new. */
  era = 0

  constructor(clock: Clock, failures: number, cooldownMs: number) {
    this.#clock = clock
    this.#failures = failures
    this.#cooldown = cooldownMs
  }

  get state(): BreakerState['kind'] {
    return this.#state.kind
  }

  /** Whether nobody may ask now. */
  get isOpen(): boolean {
    return this.#state.kind === 'halfOpen' || this.#state.kind === 'off' || (this.#state.kind === 'open' && this.#clock.now() < this.#state.until)
  }

  /** Whether to ask now. Answering yes to a half-open breaker makes the caller its probe: it must report. */
  tryPass(): boolean {
    if (this.#state.kind === 'closed') return true
    if (this.isOpen) return false
    this.#state = { kind: 'halfOpen' }
    this.era++
    return true
  }

  /** The backend answered. Says whether the breaker closed by that. */
  succeed(): boolean {
    if (this.#state.kind === 'off') return false
    const closed = this.#state.kind !== 'closed'
    if (closed || (this.#state.kind === 'closed' && this.#state.failures > 0)) this.#state = { kind: 'closed', failures: 0 }
    return closed
  }

  /**
   * The backend did not answer what it was asked in `era`. Says whether the breaker opened by that: not when it is
   * opened again by a probe.
   */
  fail(era: number): boolean {
    const state = this.#state
    if (era !== this.era || state.kind === 'open' || state.kind === 'off') return false
    const failures = state.kind === 'closed' ? state.failures + 1 : this.#failures
    if (failures < this.#failures) {
      this.#state = { kind: 'closed', failures }
      return false
    }
    this.#state = { kind: 'open', until: this.#clock.now() + this.#cooldown }
    return state.kind === 'closed'
  }

  /** Somebody decided so: nobody asks until `turnOn`. */
  turnOff(): void {
    this.#state = { kind: 'off' }
    this.era++
  }

  /** The next caller probes. */
  turnOn(): void {
    if (this.#state.kind === 'off') this.#state = { kind: 'open', until: 0 }
  }

  /** Lets the next caller probe at once: there is reason to believe the backend is back. */
  hint(): void {
    if (this.#state.kind === 'open') this.#state = { kind: 'open', until: 0 }
  }
}
