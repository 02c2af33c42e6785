import type { Random } from './random.ts'
import type { MaybePromise } from './store.ts'

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

/** One change of a source through a collection. */
export type Change<K, V> = { readonly type: 'set'; readonly key: K; readonly value: V } | { readonly type: 'remove'; readonly key: K }

/** What a write strategy works with. */
export interface WriteContext<K, V> {
  /** Writes to the source; resolves to the value to cache. */
  toSource(change: Change<K, V>): Promise<V | undefined>
  toCache(change: Change<K, V>): Promise<void>
  invalidate(key: K): Promise<void>
}

/** Decides in which order a change reaches the source and the cache. */
export interface WriteStrategy {
  readonly name: string
  write<K, V>(change: Change<K, V>, context: WriteContext<K, V>): MaybePromise<void>
  flush?(): Promise<void>
  close?(): Promise<void>
}
