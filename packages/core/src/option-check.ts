import { DURATION_RULE, parseDuration } from './duration.ts'
import { ConfigError, type ConfigIssue } from './error.ts'

/** Collects broken rules, so that all are reported at once. */
export class OptionCheck {
  readonly #prefix: string
  readonly #issues: ConfigIssue[] = []

  /** @param prefix what the names of options begin with */
  constructor(prefix = '') {
    this.#prefix = prefix
  }

  broken(option: string, rule: string, value: unknown): void {
    this.#issues.push({ option: this.#prefix + option, rule, value })
  }

  value<T>(option: string, value: T, follows: (value: T) => boolean, rule: string): T {
    if (!follows(value)) this.broken(option, rule, value)
    return value
  }

  duration(option: string, value: unknown): number {
    const ms = parseDuration(value)
    if (ms === undefined) this.broken(option, DURATION_RULE, value)
    return ms ?? 0
  }

  /** An integer >= 1. */
  count(option: string, value: number): number {
    return this.value(option, value, isPositiveInteger, 'an integer >= 1')
  }

  version(option: string, value: unknown): bigint {
    if (typeof value === 'bigint' && value >= 0n) return value
    if (Number.isSafeInteger(value) && (value as number) >= 0) return BigInt(value as number)
    this.broken(option, 'a safe integer >= 0 or a bigint >= 0', value)
    return 0n
  }

  known(options: object, names: readonly string[], path = ''): void {
    for (const name of Object.keys(options)) {
      if (!names.includes(name)) this.broken(`${path}${name}`, `one of ${names.join(', ')}`, (options as Record<string, unknown>)[name])
    }
  }

  throwIfBroken(): void {
    if (this.#issues.length > 0) throw new ConfigError(this.#issues)
  }
}

export const isText = (text: unknown): boolean => typeof text === 'string' && text.isWellFormed()
export const isPositiveInteger = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1
export const isFunction = (value: unknown): boolean => typeof value === 'function'

export const hasMethods = (object: unknown, names: readonly string[]): boolean =>
  typeof object === 'object' && object !== null && names.every((name) => isFunction((object as Record<string, unknown>)[name]))
