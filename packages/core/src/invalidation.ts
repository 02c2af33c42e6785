import type { Key } from './key.ts'
import type { MaybePromise } from './store.ts'

/** What to invalidate. */
export interface Target {
  readonly keys?: readonly Key[]
  readonly tags?: readonly string[]
}

/**
 * - `applied`: no read that starts from now on in this process, and no read of the shared tier anywhere, returns
 *   a value whose load began before. `stamp` orders it among all invalidations.
 * - `queued`: the shared tier is away. This process already treats the target as invalid; the rest follows when
 *   the tier is back.
 */
export type InvalidationResult = { readonly status: 'applied'; readonly stamp: number } | { readonly status: 'queued' }

/** Where a source of invalidations delivers them. */
export interface InvalidationSink {
  invalidate(target: Target & { readonly soft?: boolean }): Promise<InvalidationResult>
}

/** Anything that learns of changes: an ORM, a change stream, a message queue. Attach it with `cache.use(source)`. */
export interface InvalidationSource {
  readonly name: string
  start(sink: InvalidationSink): MaybePromise<void>
  stop(): MaybePromise<void>
}
