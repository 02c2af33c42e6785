import { HIDDEN } from '../option-issues.ts'

/**
 * A text without the credentials that an address may carry: before its host, in its query, or after a `#`.
 *
 * @example
 * ```ts
 * maskCredentials('redis://app:secret@host:6379/0') // 'redis://***@host:6379/0'
 * maskCredentials('5m') // '5m'
 * ```
 */
export function maskCredentials(text: string): string {
  return text.replace(/^([a-z+]*:\/\/)?.*@/is, `$1${HIDDEN}@`).replace(/[?#].*$/s, (rest) => `${rest[0]!}${HIDDEN}`)
}
