/** What the demo and its server processes tell each other, next to HTTP. */

import type { CacheEvents, CacheStats, StaleReason } from '@stratacache/core'

export interface ServerConfig {
  name: ProcessName
  databaseUrl: string
  redisUrl: string
}

export type ProcessName = 'A' | 'B'

/** The events of the cache that the story waits for or tells of. */
export const toldEvents = ['tierDown', 'tierUp', 'outOfStep', 'inStep', 'queued', 'replayed'] as const

export type ToldEvent = keyof CacheEvents & (typeof toldEvents)[number]

export type Command =
  | { type: 'start'; config: ServerConfig }
  /** Answer from the database alone, or through the cache again. */
  | { type: 'bypass'; on: boolean }

export type Message =
  | { type: 'listening'; port: number }
  | { type: 'event'; event: ToldEvent; at: number }
  /** This process has taken note of an invalidation of the other one. */
  | { type: 'invalidated'; at: number }

/** The answer of `GET /stats`. */
export interface ServerStats {
  process: ProcessName
  databaseQueries: number
  cache: CacheStats
  /** Stale answers by the policy that allowed them. */
  stale: Record<StaleReason, number>
}
