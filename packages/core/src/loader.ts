import type { Duration } from './duration.ts'
import type { MaybePromise } from './store.ts'
import type { ReadStrategy } from './read-strategy.ts'

/**
 * How long an entry lives and what it carries. Merged from the cache's options, then the call's, then what the
 * loader returned; a field given as `undefined` unsets the one below it. Tags add up.
 */
export interface EntryOptions {
  /** How long the entry is fresh. Default: until invalidated or evicted. */
  readonly ttl?: Duration | undefined
  /** How long after `ttl` it is still served at once, while one background load refreshes it. Default 0. */
  readonly staleWhileRevalidate?: Duration | undefined
  /** How long after `ttl` it is still served when the loader fails or exceeds `softTimeout`. Default 0. */
  readonly staleIfError?: Duration | undefined
  /** How long to remember that the source has nothing (the loader returned `undefined`). Default: not remembered. */
  readonly negativeTtl?: Duration | undefined
  /** 0..1: the share of `ttl` over which expiry is spread, downwards. Default 0.1. */
  readonly jitter?: number | undefined
  /** Names under which the entry can be invalidated together with others. */
  readonly tags?: readonly string[] | undefined
  /** Explicit writes only: an integer >= 0. The write is refused when an equal or newer version is stored. */
  readonly version?: number | bigint | undefined
}

/** Options of one read that may load. */
export interface LoadOptions extends EntryOptions {
  /** With a stale value at hand: answer with it after this long; the load goes on. Default: wait. */
  readonly softTimeout?: Duration | undefined
  /** Give up waiting: LoadTimeoutError, and `ctx.signal` is aborted. Default 10 s. */
  readonly hardTimeout?: Duration | undefined
  /** This caller stops waiting; the load is aborted when its last waiter has left. */
  readonly signal?: AbortSignal | undefined
  /** Load even if a fresh entry is stored. Concurrent refreshes share one load. */
  readonly refresh?: boolean | undefined
  readonly read?: ReadStrategy | undefined
}

/** What a loader is told. */
export interface LoadContext<V> {
  readonly key: string
  /** Aborted on `hardTimeout`, on `close()`, and when the last waiter left. */
  readonly signal: AbortSignal
  /** The value being replaced, for a conditional refresh (ETag, updatedAt): answer `notModified()` to keep it. */
  readonly stale?: { readonly value: V; readonly ageMs: number }
}

/** Reads a value from its source. `undefined`: the source has nothing. */
export type Loader<V> = (context: LoadContext<V>) => MaybePromise<V | Loaded<V>>

/** The parts of a `Loaded`. */
export type LoadedParts<V> =
  | { readonly kind: 'entry'; readonly value: V; readonly options: EntryOptions | undefined }
  | { readonly kind: 'noStore'; readonly value: V }
  | { readonly kind: 'notModified' }

/** A loader's answer that carries more than a value. Made by `entry`, `noStore` and `notModified`. */
export class Loaded<V> {
  /** @internal */
  readonly parts: LoadedParts<V>

  /** @internal */
  constructor(parts: LoadedParts<V>) {
    this.parts = parts
  }
}

/**
 * Answers with a value and how to keep it: the loader decides `ttl`, `tags` and the rest.
 *
 * @example
 * ```ts
 * const rates = await cache.getOrSet('rates', async () => {
 *   const { value, maxAge } = await fetchRates()
 *   return entry(value, { ttl: maxAge, tags: ['rates'] })
 * })
 * ```
 */
export const entry = <V>(value: V, options?: EntryOptions): Loaded<V> => new Loaded({ kind: 'entry', value, options })

/**
 * Answers with a value that no tier keeps.
 *
 * @example
 * ```ts
 * await cache.getOrSet('one-off', () => noStore('not kept')) // 'not kept'
 * await cache.has('one-off') // false
 * ```
 */
export const noStore = <V>(value: V): Loaded<V> => new Loaded({ kind: 'noStore', value })

/**
 * Keeps `ctx.stale` and makes it fresh again. An error when there is no stale value.
 *
 * @example
 * ```ts
 * await cache.set('document', { etag: 'abc' }, { ttl: 0, staleIfError: '1d' })
 * await cache.getOrSet('document', ({ stale }) => (stale ? notModified() : { etag: 'new' })) // { etag: 'abc' }
 * ```
 */
export const notModified = <V = never>(): Loaded<V> => new Loaded<V>({ kind: 'notModified' })

/** An answer with tags that its value brings along. */
export function withTags<V>(answer: V | Loaded<V>, tagsOf: (value: V) => readonly string[]): V | Loaded<V> {
  const parts = loadedParts(answer)
  if (parts.kind !== 'entry' || parts.value === undefined) return answer
  const tags = tagsOf(parts.value)
  if (tags.length === 0) return answer
  return entry(parts.value, { ...parts.options, tags: [...(parts.options?.tags ?? []), ...tags] })
}

/** What a loader answered, in parts. A plain value is an entry without options. */
export function loadedParts<V>(answer: V | Loaded<V>): LoadedParts<V> {
  return answer instanceof Loaded ? answer.parts : { kind: 'entry', value: answer as V, options: undefined }
}
