/** Bytes of heap that an entry takes beside its key and value: a slot in every column and in the key map. */
const ENTRY_BYTES = 120
const OBJECT_BYTES = 24
const FIELD_BYTES = 8
/** Fields, items and levels looked at before the rest is extrapolated. */
const SAMPLE = 64
const DEEPEST = 8

/** An estimate of the bytes that an entry keeps alive. Cheap rather than exact: large collections are sampled. */
export function entrySize(key: string, value: unknown): number {
  return ENTRY_BYTES + stringSize(key) + valueSize(value, 0)
}

function valueSize(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
      return stringSize(value)
    case 'number':
      return 12
    case 'bigint':
      return 24
    case 'object':
      return value === null || depth > DEEPEST ? 0 : objectSize(value, depth)
    default:
      return 0
  }
}

/** Every string counts two bytes a character: whether V8 holds it in one is not to be seen from here. */
const stringSize = (text: string): number => 16 + text.length * 2

function objectSize(object: object, depth: number): number {
  if (ArrayBuffer.isView(object)) return 96 + object.byteLength
  if (object instanceof ArrayBuffer) return 64 + object.byteLength
  if (Array.isArray(object)) return OBJECT_BYTES + sampled(object, object.length, (item) => FIELD_BYTES + valueSize(item, depth + 1))
  // A pair of a map counts as an array of two, which is about what its place in the table takes.
  if (object instanceof Map || object instanceof Set) return OBJECT_BYTES + sampled<unknown>(object, object.size, (item) => 24 + valueSize(item, depth + 1))
  const keys = Object.keys(object)
  return OBJECT_BYTES + sampled(keys, keys.length, (key) => FIELD_BYTES + valueSize((object as Record<string, unknown>)[key], depth + 1))
}

function sampled<T>(items: Iterable<T>, count: number, size: (item: T) => number): number {
  let total = 0
  let seen = 0
  for (const item of items) {
    if (seen === SAMPLE) break
    total += size(item)
    seen++
  }
  return seen === 0 ? 0 : (total / seen) * count
}
