import { hasMethods } from './option-check.ts'
import type { Random } from './random.ts'

/** What a hit looked like, for a read strategy to decide on. */
export interface Hit {
  readonly ageMs: number
  /** `Infinity` for an entry without end. */
  readonly ttlMs: number
  /** How long its load took. */
  readonly loadMs: number
}

/** Decides whether a fresh hit also starts a background refresh. */
export interface ReadStrategy {
  readonly name: string
  onHit(hit: Hit, random: Random): 'serve' | 'refresh'
}

/** Never refreshes: as if there were no strategy, which spares every hit the question. */
export const CACHE_ASIDE: ReadStrategy = Object.freeze({ name: 'cacheAside', onHit: () => 'serve' })

export const isReadStrategy = (read: ReadStrategy): boolean => typeof read?.name === 'string' && hasMethods(read, ['onHit'])
