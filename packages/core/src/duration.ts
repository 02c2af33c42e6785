/** A length of time: a number of milliseconds, or a string with its unit: `'250ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration with its unit. */
export const DURATION_PATTERN: RegExp = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** The rule a duration must follow, in the words used by error messages. */
export const DURATION_RULE = "a number of milliseconds >= 0 or a string such as '250ms', '30s', '5m', '1d'"

/**
 * Milliseconds of a duration, or `undefined` when it is not one.
 *
 * @example
 * ```ts
 * parseDuration('1.5s') // 1500
 * parseDuration('soon') // undefined
 * ```
 */
export function parseDuration(duration: unknown): number | undefined {
  if (typeof duration === 'number') return duration >= 0 ? duration : undefined
  if (typeof duration !== 'string') return undefined
  const match = DURATION_PATTERN.exec(duration)
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : undefined
}
