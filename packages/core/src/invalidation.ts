import type { Duration } from './duration.ts'
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

/** What a source of invalidations asks for. */
export interface SourceTarget extends Target {
  /** Stale, not gone: as `cache.expire` does. Default false. */
  readonly soft?: boolean | undefined
  /** How far the loaders' reads may lag behind this change. Default: the cache's `replicaLag`. */
  readonly replicaLag?: Duration | undefined
}

/** Where a source of invalidations delivers them. */
export interface InvalidationSink {
  /** @throws ConfigError for a target that is not one; ClosedError after the cache was closed. The event `sourceError` tells of both. */
  invalidate(target: SourceTarget): Promise<InvalidationResult>
  /** Something changed that could not be made out, or may have been missed: the event `sourceError`. */
  failed(error: unknown): void
}

/** Anything that learns of changes: an ORM, a change stream, a message queue. Attach it with `cache.use(source)`. */
export interface InvalidationSource {
  readonly name: string
  start(sink: InvalidationSink): MaybePromise<void>
  stop(): MaybePromise<void>
}
