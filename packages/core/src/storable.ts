import type { Codec } from './codec.ts'
import { type Entry, retainedUntil } from './entry.ts'
import type { Scope } from './scope.ts'
import type { Fill } from './shared-store.ts'

/**
 * An entry as a shared store takes it.
 *
 * @throws SerializationError when the value cannot be represented.
 */
export function storable(codec: Codec, scope: Scope, key: string, entry: Entry): Pick<Fill, 'key' | 'entry' | 'tags' | 'ttlMs'> {
  const qualified = scope.qualify(key)
  return {
    key: qualified,
    entry: codec.encode(entry, qualified),
    tags: [...scope.paths, ...entry.tags.map((tag) => scope.qualifyTag(tag))],
    ttlMs: Math.ceil(retainedUntil(entry) - entry.storedAt),
  }
}
