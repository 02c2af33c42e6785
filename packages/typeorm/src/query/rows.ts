/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/** The rows of a query, as they are cached. */
export interface CachedRows {
  readonly rows: readonly Row[]
  /** No value is an object, so that copying a row is copying its fields. */
  readonly isFlat: boolean
}

/**
 * Rows made ready for a cache: plain objects. Where a value is of a class that cannot be copied, such as an interval of
 * PostgreSQL, the name of its column: what comes out of the cache is what the driver gives, or it does not come out of it.
 */
export function toCached(records: readonly Row[]): CachedRows | string {
  let isFlat = true
  for (const row of records) {
    for (const name in row) {
      const value = row[name]
      if (typeof value !== 'object' || value === null) continue
      if (!isCopyable(value)) return name
      isFlat = false
    }
  }
  return { rows: isFlat ? records.map((row) => ({ ...row })) : records.map(copyRow), isFlat }
}

/** Rows of a caller's own: what he does to them nobody else sees. */
export const copyOf = ({ rows, isFlat }: CachedRows): Row[] => (isFlat ? rows.map((row) => ({ ...row })) : rows.map(copyRow))

function copyRow(row: Row): Row {
  const copy: Record<string, unknown> = { ...row }
  for (const name in copy) {
    const value = copy[name]
    if (typeof value === 'object' && value !== null) copy[name] = copyValue(value)
  }
  return copy
}

function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  if (value instanceof Uint8Array) return value.slice()
  if (Array.isArray(value)) return value.map(copyValue)
  const copy: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    // A field of JSON may have any name, this one too.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: copyValue(inner), enumerable: true, configurable: true, writable: true })
    else copy[name] = copyValue(inner)
  }
  return copy
}

function isCopyable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isCopyable)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return Object.values(value).every(isCopyable)
  return prototype === Date.prototype || prototype === Buffer.prototype || prototype === Uint8Array.prototype
}
