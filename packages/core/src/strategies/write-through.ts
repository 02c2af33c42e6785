import type { WriteStrategy } from '../write-strategy.ts'

/**
 * A change goes to the source first, then into every tier. What the writer resolves to is cached, else the value that was
 * given. When the source fails, the cache stays as it is and the caller gets the error.
 *
 * Safe where several processes write the same key: the key's lease is held while the source is written, and the value is
 * cached only if nobody wrote or invalidated the key meanwhile; else the key is invalidated, and the next read loads it.
 * A writer that returns `entry(value, { version })` also has its value refused where a newer version is stored.
 *
 * Use it where what was written is soon read. It is what collections with a writer do by default.
 *
 * @example
 * ```ts
 * const users = cache.collection('users', {
 *   load: (id: number) => db.users.find(id),
 *   write: (id, user) => db.users.save(id, user),
 *   writeStrategy: writeThrough(),
 * })
 * await users.set(42, { name: 'Ada' })
 * ```
 */
export const writeThrough = (): WriteStrategy => ({
  name: 'writeThrough',
  write: (change, context) => context.toCacheAfter(change, () => context.toSource(change)),
})
