import { deserialize, serialize } from 'node:v8'
import { SerializationError } from './error.ts'
import { isExactJson } from './exact-json.ts'
import type { Serializer } from './serializer.ts'
import { unclonablePart } from './unclonable.ts'

/** With which V8's format begins, and no JSON text does. */
const STRUCTURED = 0xff

/**
 * The default serializer. Values that JSON represents exactly are stored as JSON text; the rest (undefined in
 * objects, NaN, -0, bigint, Date, RegExp, Map, Set, Error, Buffer, typed arrays, cycles, and any mix of them) in
 * the structured-clone format of `node:v8`. Functions, symbols and instances of classes are refused. Not kept: that an
 * object has no prototype, which of its fields are accessors or not enumerable, and fields that were added to a Buffer or
 * typed array.
 *
 * @example
 * ```ts
 * const { serialize, deserialize } = structuredSerializer()
 * deserialize(serialize({ big: 1n, at: new Date(0) })) // { big: 1n, at: new Date(0) }
 * ```
 */
export function structuredSerializer(): Serializer {
  return { name: 'structured', serialize: serializeValue, deserialize: deserializeValue }
}

function serializeValue(value: unknown): Uint8Array {
  if (isExactJson(value)) return Buffer.from(JSON.stringify(value))
  const part = unclonablePart(value)
  if (part !== undefined) throw new SerializationError(`value${part.path} is ${part.what}, which cannot be stored`)
  try {
    return serialize(value)
  } catch (error) {
    throw new SerializationError('value has a part that cannot be cloned: a proxy, a detached buffer', { cause: error })
  }
}

function deserializeValue(bytes: Uint8Array, start = 0): unknown {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    // A copy, because buffers in the value are views of what is deserialized.
    if (buffer[start] === STRUCTURED) return deserialize(Buffer.from(buffer.subarray(start)))
    return JSON.parse(buffer.toString('utf8', start))
  } catch {
    // The cause would quote the text.
    throw new SerializationError('stored bytes have an unknown format')
  }
}
