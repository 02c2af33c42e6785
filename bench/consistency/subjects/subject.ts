import type { Copy } from '../world/rows.ts'

/** What a loader found: nothing but the copy is known to libraries that take no tags from it. */
export interface Found {
  readonly copy: Copy
  readonly tags: readonly string[]
}

export type Load = () => Promise<Found>
export type Outcome = 'applied' | 'queued' | 'superseded'

/** Tells of things that concern the whole instance. */
export interface Witness {
  inStep(): void
  replayed(): void
}

interface Target {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
}

/** A cache library under test, in front of Redis and, unless told otherwise, with memory of its own. */
export interface Subject {
  getOrSet(key: string, tags: readonly string[], load: Load, refresh: boolean): Promise<Copy | undefined>
  /** Where there is none, the workload reads one by one. */
  getOrSetMany?(keys: readonly string[], load: (missing: readonly string[]) => Promise<readonly Copy[]>): Promise<readonly (Copy | undefined)[]>
  get(key: string): Promise<Copy | undefined>
  getSync?(key: string): Copy | undefined
  set(key: string, copy: Copy): Promise<Outcome>
  /** Writes the source, and caches what it holds then; where there is none, writers write and invalidate. */
  writeThrough?(key: string, write: Load): Promise<Outcome>
  invalidate(target: Target): Promise<Outcome>
  /** Makes stale; where there is none, nothing is done. */
  expire?(key: string): Promise<void>
  clear(): Promise<Outcome>
  close(): Promise<void>
}

/** How a subject reaches Redis. */
export type Place =
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly sentinels: readonly { readonly host: string; readonly port: number }[]; readonly name: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[] }

export interface Library {
  readonly name: string
  /** Whether it can invalidate tags; where it cannot, the workload names every key. */
  readonly tags: boolean
  /** The bounds it promises, in ms: how late memory of other processes may learn of an invalidation. */
  readonly foreignMemory: number
  /** Whether it promises that nothing loaded before an invalidation is served after it, be its version what it may. */
  readonly isLiteral: boolean
  /** Whether it keeps entries in memory even when it is told not to. */
  readonly alwaysHasMemory?: boolean
  open(place: Place, hasMemory: boolean, random: () => number, witness: Witness): Promise<Subject>
}

export const TTL_MS = 2_000
export const STALE_MS = 2_000
export const MEMORY_ENTRIES = 120

/** What libraries without a promise of their own are judged by: their notifications take milliseconds. */
export const BOUND_MS = 1_300

/** Others are only played in front of one server. */
export function singleUrl(place: Place): string {
  if (place.kind !== 'single') throw new Error('this library is only compared in front of a single server')
  return place.url
}
