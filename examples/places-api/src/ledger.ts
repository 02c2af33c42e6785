/**
 * What every updated city's population was, and when: each answer of each process is held against it.
 *
 * An answer is *behind* when it gives a population that had already been replaced, the update answered, before the
 * question was asked. Behind an update that the answering process had made itself is never allowed.
 */

import type { City } from './database.ts'
import type { ProcessName } from './messages.ts'

interface Version {
  population: number
  through: ProcessName
  /** When the process confirmed the update; `Infinity` while it has not. */
  confirmedAt: number
}

export interface Behind {
  by: ProcessName
  askedAt: number
  /** For how long the newer population had been confirmed when the question was asked. */
  ms: number
  /** The newer population had come through the answering process itself. */
  ownUpdate: boolean
}

export interface PendingUpdate {
  population: number
  confirm(at: number): void
}

export class Ledger {
  readonly #behind: Behind[] = []
  readonly #original: ReadonlyMap<number, number>
  readonly #versions = new Map<number, Version[]>()

  constructor(cities: readonly City[]) {
    this.#original = new Map(cities.map((city) => [city.id, city.population]))
  }

  /** The cities that were updated, with their latest population. */
  *latest(): Generator<{ id: number; population: number }> {
    for (const [id, versions] of this.#versions) yield { id, population: versions.at(-1)?.population ?? 0 }
  }

  /** One more inhabitant; undefined while an update of the same city is under way. */
  update(id: number, through: ProcessName): PendingUpdate | undefined {
    const versions = this.#versions.get(id) ?? []
    const last = versions.at(-1)
    if (last?.confirmedAt === Infinity) return undefined
    const population = (last?.population ?? this.#original.get(id) ?? 0) + 1
    const version: Version = { population, through, confirmedAt: Infinity }
    versions.push(version)
    this.#versions.set(id, versions)
    return {
      population,
      confirm: (at) => {
        version.confirmedAt = at
      },
    }
  }

  /** The answers that were behind, to questions asked from a time on. */
  behindSince(since: number, until = Infinity): Behind[] {
    return this.#behind.filter((answer) => answer.askedAt >= since && answer.askedAt < until)
  }

  /** Looks at the cities of an answer. */
  check(by: ProcessName, cities: readonly City[], askedAt: number): void {
    for (const { id, population } of cities) {
      const missed = this.#versions
        .get(id)
        ?.filter((version) => version.population > population && version.confirmedAt < askedAt)
      const first = missed?.[0]
      if (!first) continue
      const ownUpdate = missed.some((version) => version.through === by)
      this.#behind.push({ by, askedAt, ms: askedAt - first.confirmedAt, ownUpdate })
    }
  }
}

export const longestMs = (behind: readonly Behind[]): number =>
  behind.reduce((longest, { ms }) => Math.max(longest, ms), 0)
