import type { WriteStrategy } from '../write-strategy.ts'

/**
 * A change goes to the source, then the key is invalidated: the next read loads it. When the source fails, the cache stays
 * as it is and the caller gets the error.
 *
 * Use it where what is written is seldom read, or where the source makes something else of it than the writer knows.
 *
 * @example
 * ```ts
 * const audits = cache.collection('audits', {
 *   load: (id: number) => db.users.find(id),
 *   write: (id, audit) => db.users.save(id, audit),
 *   writeStrategy: writeAround(),
 * })
 * await audits.set(42, { name: 'Ada' })
 * audits.getSync(42) // undefined
 * ```
 */
export const writeAround = (): WriteStrategy => ({
  name: 'writeAround',
  write: async (change, context) => {
    await context.toSource(change)
    await context.invalidate(change.key)
  },
})
