import { SerializationError } from './error.ts'
import { inexactPart, isExactJson } from './exact-json.ts'
import type { Serializer } from './serializer.ts'

/**
 * Stores values as plain JSON text in UTF-8, for readers in other languages. What JSON would change (undefined, NaN,
 * -0, bigint, Date, Map, instances of classes, nesting of more than 64) is refused with a SerializationError that
 * names the place.
 *
 * @example
 * ```ts
 * const { serialize } = json()
 * Buffer.from(serialize({ id: 42 })).toString() // '{"id":42}'
 * ```
 */
export function json(): Serializer {
  return { name: 'json', serialize, deserialize }
}

function serialize(value: unknown): Uint8Array {
  if (isExactJson(value)) return Buffer.from(JSON.stringify(value))
  const { path, what } = inexactPart(value)!
  throw new SerializationError(`value${path} is ${what}, which JSON cannot represent`)
}

function deserialize(bytes: Uint8Array, start = 0): unknown {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return JSON.parse(buffer.toString('utf8', start))
  } catch {
    // The cause would quote the text.
    throw new SerializationError('stored bytes are not JSON')
  }
}
