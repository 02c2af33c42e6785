/*
 * What V8 takes for a value on a 64-bit machine, without pointer compression as in Node.js: every word has 8 bytes, and
 * everything on the heap is a whole number of words.
 */

/** What an entry takes beside its key and value: its row in the columns, and its place in the map of keys. */
const ENTRY_BYTES = 120
const WORD = 8
const HEAP_NUMBER = 2 * WORD
const STRING_HEADER = 2 * WORD
/** Shape, properties and elements. */
const OBJECT_HEADER = 3 * WORD
const ARRAY_HEADER = 6 * WORD
const TYPED_ARRAY_HEADER = 13 * WORD
/** With what is allocated for it outside the heap. */
const ARRAY_BUFFER_HEADER = 12 * WORD
const TABLE_HEADER = 8 * WORD
/** A pair in the table of a Map, an item in that of a Set, when the table is about three quarters full. */
const PAIR = 38
const ITEM = 27
const BIGINT = 4 * WORD
const DATE = 12 * WORD
/** An object with more fields is a dictionary: its keys are its own, and it has a table. */
const MOST_FIELDS = 64
const DICTIONARY_FIELD = 5 * WORD

/** Fields and items of one object that are looked at; the rest is taken to be like them. */
const SAMPLE = 64
const DEEPEST = 8
const SMALL_INTEGER = 2 ** 31

/**
 * An estimate of the bytes that an entry keeps alive, within a quarter of what it is for what is usually cached. Cheap
 * rather than exact: of large collections a sample counts, and what is referred to twice counts twice.
 */
export function entrySize(key: string, value: unknown): number {
  return ENTRY_BYTES + stringSize(key) + valueSize(value, 0)
}

function valueSize(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
      return stringSize(value)
    case 'number':
      return isSmall(value) ? 0 : HEAP_NUMBER
    case 'bigint':
      return BIGINT
    case 'object':
      return value === null || depth > DEEPEST ? 0 : objectSize(value, depth)
    default:
      return 0
  }
}

const isSmall = (value: number): boolean => Number.isInteger(value) && value >= -SMALL_INTEGER && value < SMALL_INTEGER

/** One byte a character unless one of them needs two. */
function stringSize(text: string): number {
  const isLatin1 = Buffer.byteLength(text) === text.length || !/[\u0100-\uffff]/.test(text)
  return STRING_HEADER + wholeWords(isLatin1 ? text.length : text.length * 2)
}

const wholeWords = (bytes: number): number => Math.ceil(bytes / WORD) * WORD

function objectSize(object: object, depth: number): number {
  if (Array.isArray(object)) return arraySize(object, depth)
  if (ArrayBuffer.isView(object)) {
    const isWhole = object.byteLength === object.buffer.byteLength
    return TYPED_ARRAY_HEADER + object.byteLength + (isWhole ? ARRAY_BUFFER_HEADER : 0)
  }
  if (object instanceof ArrayBuffer) return ARRAY_BUFFER_HEADER + object.byteLength
  if (object instanceof Map) return TABLE_HEADER + sampled(object, object.size, ([key, item]) => PAIR + valueSize(key, depth + 1) + valueSize(item, depth + 1))
  if (object instanceof Set) return TABLE_HEADER + sampled(object, object.size, (item) => ITEM + valueSize(item, depth + 1))
  if (object instanceof Date) return DATE
  const fields = Object.keys(object)
  const isDictionary = fields.length > MOST_FIELDS
  const fieldSize = (field: string): number => valueSize((object as Record<string, unknown>)[field], depth + 1) + (isDictionary ? DICTIONARY_FIELD + stringSize(field) : WORD)
  return OBJECT_HEADER + sampled(fields, fields.length, fieldSize)
}

/** An array of nothing but numbers holds them in place. */
function arraySize(array: readonly unknown[], depth: number): number {
  const isNumeric = typeof array[0] === 'number' && typeof array.at(-1) === 'number' && typeof array[array.length >> 1] === 'number'
  return ARRAY_HEADER + sampled(array, array.length, (item) => WORD + (isNumeric ? 0 : valueSize(item, depth + 1)))
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
