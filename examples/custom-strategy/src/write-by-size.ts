import type { Change, WriteStrategy } from '@stratacache/core'
import { count, object, type WriteKind } from '@stratacache/core/config'

export interface WriteBySizeOptions {
  /** Values up to this many bytes of JSON are cached when they are written. */
  readonly maxBytes: number
}

/**
 * The source first. What is small is cached as `writeThrough` does it; what is large is only invalidated, as `writeAround` does it:
 * whether anybody reads it is not known yet.
 */
export const writeBySize = ({ maxBytes }: WriteBySizeOptions): WriteStrategy => ({
  name: 'writeBySize',
  write: async (change, context) => {
    const toSource = () => context.toSource(change)
    if (bytesOf(change) <= maxBytes) return context.toCacheAfter(change, toSource)
    await toSource()
    await context.invalidate(change.key)
  },
})

const bytesOf = (change: Change<unknown, unknown>): number => (change.type === 'set' ? Buffer.byteLength(JSON.stringify(change.value)) : 0)

/** The same for a configuration: `write: { use: writeBySize, maxBytes: 10000 }`. */
export const writeBySizeKind: WriteKind<Partial<WriteBySizeOptions>, 'writeBySize'> = {
  kind: 'write',
  use: 'writeBySize',
  options: object({ maxBytes: count({ default: 10_000, description: 'Values up to this many bytes of JSON are cached when they are written.' }) }),
  create: ({ maxBytes = 10_000 }) => writeBySize({ maxBytes }),
}
