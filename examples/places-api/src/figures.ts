/** The numbers of `GET /stats` that the story is about: the only place that knows how the cache counts. */

import type { ServerStats } from './messages.ts'

export type Figures = ReturnType<typeof figuresOf>

export function figuresOf({ cache, databaseQueries, stale }: ServerStats) {
  const { memory, redis } = cache.tiers
  return {
    memoryHits: (memory?.hit ?? 0) + (memory?.stale ?? 0),
    memoryMisses: memory?.miss ?? 0,
    redisHits: (redis?.hit ?? 0) + (redis?.stale ?? 0),
    redisMisses: redis?.miss ?? 0,
    staleWhileRevalidate: stale.revalidate,
    staleIfError: stale.error + stale.softTimeout,
    databaseQueries,
  }
}

export interface Coherence {
  inStep: boolean
  queued: number
}

export function coherenceOf({ cache }: ServerStats): Coherence {
  return { inStep: cache.inStep, queued: cache.queued }
}

export const add = (one: Figures, other: Figures): Figures => combine(one, other, (a, b) => a + b)

/** What was counted between two readings. */
export const between = (earlier: Figures, later: Figures): Figures => combine(earlier, later, (from, to) => to - from)

export const memoryHitRatio = (figures: Figures): number => ratio(figures.memoryHits, figures.memoryMisses)
export const redisHitRatio = (figures: Figures): number => ratio(figures.redisHits, figures.redisMisses)

function ratio(hits: number, misses: number): number {
  return hits + misses === 0 ? 0 : hits / (hits + misses)
}

function combine(one: Figures, other: Figures, operation: (a: number, b: number) => number): Figures {
  const names = Object.keys(one) as (keyof Figures)[]
  return Object.fromEntries(names.map((name) => [name, operation(one[name], other[name])])) as Figures
}
