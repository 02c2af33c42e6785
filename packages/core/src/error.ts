/** Every error the cache throws, with its stable `code`. Messages never hold cached values or credentials. */
export type CacheErrorCode =
  | 'STRATA_CONFIG'
  | 'STRATA_LOAD_TIMEOUT'
  | 'STRATA_TIER'
  | 'STRATA_SERIALIZATION'
  | 'STRATA_CLOSED'

/** The base of all errors of stratacache: catch this to catch them all, or compare `code`. */
export class CacheError extends Error {
  readonly code: CacheErrorCode

  constructor(code: CacheErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** One broken rule of a configuration. */
export interface ConfigIssue {
  /** Path of the option: `tiers[0].maxEntries`. */
  readonly option: string
  /** What the option must be. */
  readonly rule: string
  /** What was given. */
  readonly value: unknown
  /** The same path in parts, where a configuration is data. */
  readonly path?: readonly (string | number)[] | undefined
  /** Where that is in a file: `cache.yaml:12:5`. */
  readonly place?: string | undefined
}

/** A configuration or an argument broke a rule. All broken rules are reported at once, in `issues`. */
export class ConfigError extends CacheError {
  readonly issues: readonly ConfigIssue[]

  constructor(issues: readonly ConfigIssue[]) {
    super('STRATA_CONFIG', issues.map(describeIssue).join('; '))
    this.issues = issues
  }
}

/** The loader did not answer within `hardTimeout` and no stale value could be served. */
export class LoadTimeoutError extends CacheError {
  constructor(key: string, timeoutMs: number) {
    super('STRATA_LOAD_TIMEOUT', `loading ${quote(key)} took longer than hardTimeout: ${timeoutMs} ms`)
  }
}

/** A tier did not answer, or answered with an error. Reads with a loader never throw it. */
export class TierError extends CacheError {
  readonly tier: string

  constructor(tier: string, message: string, options?: ErrorOptions) {
    super('STRATA_TIER', `tier ${quote(tier)}: ${message}`, options)
    this.tier = tier
  }
}

/**
 * A tier answered that it will not do what it was asked: its memory is full, or it lacks replicas. A store throws it
 * where the backend is there and would answer other questions, above all reads.
 */
export class RefusedError extends TierError {}

/** A value cannot be represented by the serializer, or stored bytes are not one. */
export class SerializationError extends CacheError {
  constructor(message: string, options?: ErrorOptions) {
    super('STRATA_SERIALIZATION', message, options)
  }
}

/** The cache was used after `close()`. */
export class ClosedError extends CacheError {
  constructor(name: string) {
    super('STRATA_CLOSED', `cache ${quote(name)} is closed`)
  }
}

function describeIssue({ option, rule, value, place }: ConfigIssue): string {
  return `${place === undefined ? '' : `${place} `}${option} must be ${rule}, got ${describeValue(value)}`
}

/** Reports an error of somebody else's code that has no caller to go to. Not its message: it may hold values. */
export function warn(whose: string, error: unknown): void {
  process.emitWarning(`${whose} failed: ${error instanceof Error ? error.name : typeof error}`, 'StratacacheWarning')
}

/** A short, safe text of any value for an error message. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
  return String(value)
}

const LONGEST_QUOTE = 60

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text)
}
