/** A part of a value that cannot be stored. The path names fields, never their values. */
export interface Part {
  readonly path: string
  readonly what: string
}

/** What structured cloning would refuse, or drop or flatten without a word; undefined when nothing. */
export const unclonablePart = (value: unknown): Part | undefined => find(value, new Set())

function find(value: unknown, seen: Set<object>): Part | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return here(`a ${typeof value}`)
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined
  seen.add(value)
  if (Object.getOwnPropertySymbols(value).length > 0) return here('an object with symbol keys')
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return inFields(value, seen)
  if (prototype === Array.prototype) return inFields(value, seen)
  if (BINARY_PROTOTYPES.has(prototype)) return undefined
  return isBuiltIn(value, prototype) ? (inBuiltIn(value, seen) ?? ownFields(value)) : here('an instance of a class')
}

function inFields(value: object, seen: Set<object>): Part | undefined {
  for (const key of Object.keys(value)) {
    const part = find((value as Record<string, unknown>)[key], seen)
    if (part !== undefined) return within(Array.isArray(value) ? `[${key}]` : `.${key}`, part)
  }
  return undefined
}

const isBuiltIn = (value: object, prototype: unknown): boolean =>
  BUILT_IN_PROTOTYPES.has(prototype) || (value instanceof Error && ERROR_PROTOTYPES.has(prototype))

function inBuiltIn(value: object, seen: Set<object>): Part | undefined {
  if (value instanceof Map) return inItems('.keys', value.keys(), seen) ?? inItems('.values', value.values(), seen)
  if (value instanceof Set) return inItems('', value, seen)
  if (value instanceof RegExp) return value.lastIndex === 0 ? undefined : here('a RegExp in the middle of a search')
  if (!(value instanceof Error)) return undefined
  if (Object.hasOwn(value, 'name') && value.name !== (Object.getPrototypeOf(value) as Error).name) return here('a renamed error')
  const part = Object.hasOwn(value, 'cause') ? find(value.cause, seen) : undefined
  return part && within('.cause', part)
}

function inItems(segment: string, items: Iterable<unknown>, seen: Set<object>): Part | undefined {
  let index = 0
  for (const item of items) {
    const part = find(item, seen)
    if (part !== undefined) return within(`${segment}[${index}]`, part)
    index++
  }
  return undefined
}

const ownFields = (value: object): Part | undefined => (Object.keys(value).length > 0 ? here('a built-in object with fields of its own') : undefined)

const here = (what: string): Part => ({ path: '', what })

const within = (segment: string, { path, what }: Part): Part => ({ path: segment + path, what })

const BUILT_IN_PROTOTYPES: ReadonlySet<unknown> = new Set([Map, Set, Date, RegExp].map((type) => type.prototype as unknown))

const ERROR_PROTOTYPES: ReadonlySet<unknown> = new Set(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => type.prototype),
)

const BINARY_PROTOTYPES: ReadonlySet<unknown> = new Set(
  [
    ArrayBuffer, Buffer, DataView, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array,
    Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
  ].map((type) => type.prototype as unknown),
)
