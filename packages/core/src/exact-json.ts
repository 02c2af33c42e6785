import type { Part } from './unclonable.ts'

/** Nesting from which a value counts as inexact, which also ends the walk of a cycle. */
const DEEPEST = 64

/** Whether JSON brings back the same value: nothing dropped, nothing flattened. Identity of shared parts aside. */
export function isExactJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return isExactNumber(value)
  if (typeof value !== 'object' || depth === DEEPEST) return false
  return Array.isArray(value) ? isExactArray(value, depth) : isExactObject(value, depth)
}

/** What of a value JSON would change; undefined when nothing. */
export function inexactPart(value: unknown, path = '', depth = 0): Part | undefined {
  if (isExactJson(value)) return undefined
  if (typeof value !== 'object' || value === null) return { path, what: describe(value) }
  if (depth === DEEPEST) return { path, what: `nested more than ${DEEPEST} deep, or part of a cycle` }
  const isArray = Array.isArray(value)
  if (isArray ? !isPlainArray(value) : !isPlainObject(value)) return { path, what: describe(value) }
  for (const [name, item] of Object.entries(value)) {
    const part = inexactPart(item, isArray ? `${path}[${name}]` : `${path}.${name}`, depth + 1)
    if (part !== undefined) return part
  }
  // Holes are no entries.
  return { path, what: 'a sparse array' }
}

const isExactNumber = (value: number): boolean => Number.isFinite(value) && (value !== 0 || 1 / value > 0)

function isExactArray(array: readonly unknown[], depth: number): boolean {
  if (!isPlainArray(array)) return false
  // A hole reads as undefined, which is inexact.
  for (let i = 0; i < array.length; i++) if (!isExactJson(array[i], depth + 1)) return false
  return true
}

function isExactObject(object: object, depth: number): boolean {
  if (!isPlainObject(object)) return false
  for (const key in object) {
    if (!isExactJson((object as Record<string, unknown>)[key], depth + 1)) return false
  }
  return true
}

/** Without fields of its own. Several times as fast as counting keys, each of which would become a string. */
function isPlainArray(array: readonly unknown[]): boolean {
  return (
    Object.getPrototypeOf(array) === Array.prototype && Object.values(array).length <= array.length && Object.getOwnPropertySymbols(array).length === 0
  )
}

function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in object) && Object.getOwnPropertySymbols(object).length === 0
}

function describe(value: unknown): string {
  if (typeof value === 'number') return 'NaN, an infinity or -0'
  if (typeof value === 'object') return 'neither a plain object nor a plain array'
  return value === undefined ? 'undefined' : `a ${typeof value}`
}
