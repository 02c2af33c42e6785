import { ConfigError } from './error.ts'

/**
 * The name of a cached value: a string, or parts that are escaped and joined with `:`.
 * `['user', 42]` is the same key as `'user:42'`; `['a:b']` is not the same as `['a', 'b']`.
 */
export type Key = string | readonly (string | number | bigint | boolean)[]

const PART_RULE = 'a string, or a non-empty array of strings, finite numbers, bigints and booleans'

/**
 * The text of a key.
 *
 * @throws ConfigError for an empty array, a part of another type or a number that is not finite.
 * @example
 * ```ts
 * keyText(['user', 42]) // 'user:42'
 * keyText(['a:b', true]) // 'a%3Ab:true'
 * ```
 */
export function keyText(key: Key): string {
  if (typeof key === 'string') return key
  if (!Array.isArray(key) || key.length === 0) throw new ConfigError([{ option: 'key', rule: PART_RULE, value: key }])
  let text = ''
  for (let i = 0; i < key.length; i++) text += i === 0 ? partText(key[i]) : `:${partText(key[i])}`
  return text
}

/** @throws ConfigError for a part of another type or a number that is not finite. */
export function partText(part: unknown): string {
  if (typeof part === 'string') return escapePart(part)
  if (typeof part === 'boolean' || typeof part === 'bigint' || Number.isFinite(part)) return String(part)
  throw new ConfigError([{ option: 'key', rule: PART_RULE, value: part }])
}

/**
 * Refuses what is no string, and text that has no UTF-8 form: two different strings with lone surrogates could
 * become one key.
 *
 * @throws ConfigError naming `option`.
 */
export function assertWellFormed(text: unknown, option: string): void {
  if (typeof text !== 'string' || !text.isWellFormed()) throw new ConfigError([{ option, rule: 'a string without lone surrogates', value: text }])
}

/**
 * Refuses what names no namespace and no collection.
 *
 * @throws ConfigError
 */
export function assertName(name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '') throw new ConfigError([{ option: 'name', rule: 'a non-empty string', value: name }])
  assertWellFormed(name, 'name')
}

/** Where the keys and tags of one cache or namespace live: `cache`, `cache/child`. */
export function namespacePath(parent: string | undefined, name: string): string {
  return parent === undefined ? escapeName(name) : `${parent}/${escapeName(name)}`
}

/** A key or tag with its namespace. A namespace path holds no `:`, so the first one ends it. */
export const qualify = (path: string, text: string): string => `${path}:${text}`

/** Takes `qualify` apart. `undefined` when the text is a bare path, which stands for everything below it. */
export function unqualify(qualified: string): { path: string; text: string } | undefined {
  const end = qualified.indexOf(':')
  return end < 0 ? undefined : { path: qualified.slice(0, end), text: qualified.slice(end + 1) }
}

/** The path that holds every other: invalidating it invalidates all of a shared tier. */
export const ROOT_PATH = '*'

/** A path with all the paths that hold it: clearing any of them clears it. */
export function enclosingPaths(path: string): readonly string[] {
  const paths = [ROOT_PATH]
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) paths.push(path.slice(0, end))
  paths.push(path)
  return paths
}

// To look first is a quarter of what it takes to replace nothing.
const escapePart = (text: string): string => (text.includes(':') || text.includes('%') ? text.replace(/[%:]/g, percentEncode) : text)
const escapeName = (text: string): string => text.replace(/[%:/*]/g, percentEncode)

const percentEncode = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
