import type { CacheEvents } from '@stratacache/core'

export type Level = 'debug' | 'info' | 'warn' | 'error'

export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** How much each event matters. One that is new does not compile before somebody has thought about it. */
export const LEVEL_OF: Readonly<Record<keyof CacheEvents, Level>> = {
  hit: 'debug',
  miss: 'debug',
  load: 'debug',
  set: 'debug',
  expire: 'debug',
  invalidate: 'debug',
  evict: 'debug',
  stale: 'info',
  replayed: 'info',
  inStep: 'info',
  tierUp: 'info',
  loadError: 'warn',
  outOfStep: 'warn',
  queued: 'warn',
  tierDown: 'warn',
  writeError: 'error',
  mismatch: 'error',
  sourceError: 'error',
  corrupt: 'error',
}
