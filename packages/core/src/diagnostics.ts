import { tracingChannel, type TracingChannel } from 'node:diagnostics_channel'

/*
 * Tracing channels of `node:diagnostics_channel`: one property read when nobody listens. A memory hit publishes
 * nothing. Messages carry names and counts; a key is there for subscribers to sanitize, a value never.
 */

/** Message of `stratacache:load`: one call of a loader. */
export interface LoadMessage {
  readonly cache: string
  readonly key: string
  readonly trigger: 'miss' | 'stale' | 'refresh'
  error?: unknown
}

/** Message of `stratacache:tier`: one round trip to a tier. */
export interface TierMessage {
  readonly tier: string
  readonly operation: 'read' | 'lease' | 'fill' | 'release' | 'write' | 'writeLeased' | 'invalidate' | 'discard' | 'inspect' | 'journal'
  error?: unknown
}

export const loadChannel: TracingChannel<LoadMessage, LoadMessage> = tracingChannel('stratacache:load')
export const tierChannel: TracingChannel<TierMessage, TierMessage> = tracingChannel('stratacache:tier')

/**
 * Runs `operation` and publishes its start, its end and how it ended. `asyncEnd` is the one end to rely on: it
 * follows `error` as well. Returns the operation's own promise, never a wrapper whose rejection nobody handles.
 */
export function traced<M extends { error?: unknown }, T>(channel: TracingChannel<M, M>, message: () => M, operation: () => Promise<T>): Promise<T> {
  // Compared with false: runtimes without the property publish to channels that drop the message.
  if (channel.hasSubscribers === false) return operation()
  const context = message()
  return channel.start.runStores(context, () => {
    const promise = operation()
    promise.then(
      () => channel.asyncEnd.publish(context),
      (error: unknown) => {
        context.error = error
        channel.error.publish(context)
        channel.asyncEnd.publish(context)
      },
    )
    channel.end.publish(context)
    return promise
  })
}
