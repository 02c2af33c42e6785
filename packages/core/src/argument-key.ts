import { createHash } from 'node:crypto'

/** Longest text of arguments that is kept readable in a key; longer ones are hashed. */
const LONGEST = 200

/**
 * A stable text of a function's arguments: equal arguments give equal texts, whatever the order of an object's
 * fields; arguments of different types never do.
 *
 * @throws TypeError for functions, symbols, cycles and instances of classes other than Date: give `key` instead.
 */
export function argumentsKey(args: readonly unknown[]): string {
  // What is called over and over mostly takes one.
  const text = args.length === 1 ? canonical(args[0], []) : args.map((arg) => canonical(arg, [])).join(',')
  return text.length <= LONGEST ? text : `#${createHash('sha256').update(text).digest('base64url')}`
}

function canonical(value: unknown, ancestors: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      return value === null ? 'null' : canonicalObject(value, ancestors)
    default:
      throw unstable(`a ${typeof value}`)
  }
}

function canonicalObject(object: object, ancestors: readonly object[]): string {
  if (ancestors.includes(object)) throw unstable('a cycle')
  const inside = [...ancestors, object]
  if (Array.isArray(object)) return `[${object.map((item) => canonical(item, inside)).join(',')}]`
  if (object instanceof Date) return `Date(${object.getTime()})`
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) throw unstable('an instance of a class')
  const fields = Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item, inside)}`).join(',')}}`
}

const unstable = (what: string): TypeError => new TypeError(`${what} in the arguments has no stable key: give 'key'`)
