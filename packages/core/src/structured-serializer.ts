import { deserialize, serialize } from 'node:v8'
import { SerializationError } from './error.ts'
import { isExactJson } from './exact-json.ts'
import type { Serializer } from './serializer.ts'

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
  assertStructured(value, 'value', new Set())
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

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}

/** Refuses what structured cloning would drop or flatten without a word. */
function assertStructured(value: unknown, path: string, seen: Set<object>): void {
  if (typeof value === 'function' || typeof value === 'symbol') throw refused(path, `a ${typeof value}`)
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (Object.getOwnPropertySymbols(value).length > 0) throw refused(path, 'an object with symbol keys')
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof Map && prototype === Map.prototype) {
    let index = 0
    for (const [key, item] of value) {
      assertStructured(key, `${path}.keys[${index}]`, seen)
      assertStructured(item, `${path}.values[${index++}]`, seen)
    }
    assertNoFields(value, path)
    return
  }
  if (value instanceof Set && prototype === Set.prototype) {
    let index = 0
    for (const item of value) assertStructured(item, `${path}[${index++}]`, seen)
    assertNoFields(value, path)
    return
  }
  if (value instanceof Error && ERROR_PROTOTYPES.has(prototype)) {
    if (Object.hasOwn(value, 'name') && value.name !== Object.getPrototypeOf(value).name) throw refused(path, 'a renamed error')
    if (Object.hasOwn(value, 'cause')) assertStructured(value.cause, `${path}.cause`, seen)
    assertNoFields(value, path)
    return
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    if (!BINARY_PROTOTYPES.has(prototype)) throw refused(path, 'an instance of a class')
    return
  }
  if ((value instanceof Date && prototype === Date.prototype) || (value instanceof RegExp && prototype === RegExp.prototype)) {
    if (value instanceof RegExp && value.lastIndex !== 0) throw refused(path, 'a RegExp in the middle of a search')
    assertNoFields(value, path)
    return
  }
  if (!isPlain(value) && prototype !== Array.prototype) throw refused(path, 'an instance of a class')
  for (const key of Object.keys(value)) assertStructured((value as Record<string, unknown>)[key], `${path}.${key}`, seen)
}

function assertNoFields(value: object, path: string): void {
  if (Object.keys(value).length > 0) throw refused(path, 'a built-in object with fields of its own')
}

/** The path names fields, never their values. */
const refused = (path: string, what: string): SerializationError => new SerializationError(`${path} is ${what}, which cannot be stored`)

const ERROR_PROTOTYPES: ReadonlySet<unknown> = new Set(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => type.prototype),
)

const BINARY_PROTOTYPES: ReadonlySet<unknown> = new Set(
  [
    ArrayBuffer, Buffer, DataView, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array,
    Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
  ].map((type) => type.prototype as unknown),
)
