/** What the demo claims, and whether it held in this run. */

export interface Claim {
  text: string
  holds: boolean
  measured: string
}

export class Claims {
  readonly #claims: Claim[] = []

  check(text: string, holds: boolean, measured: string): void {
    this.#claims.push({ text, holds, measured })
  }

  get all(): readonly Claim[] {
    return this.#claims
  }

  get exitCode(): 0 | 1 {
    return this.#claims.every((claim) => claim.holds) ? 0 : 1
  }
}
