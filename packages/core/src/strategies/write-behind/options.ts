import { type Duration, DURATION_RULE, parseDuration } from '../../duration.ts'
import { ConfigError, type ConfigIssue } from '../../error.ts'
import type { MaybePromise } from '../../store.ts'
import type { Change } from '../../change.ts'
import type { Journal } from '../../journal.ts'

/** A change that the source has refused for good. */
export interface DeadLetter {
  readonly collection: string
  readonly change: Change<unknown, unknown>
  /** What the last attempt failed with. */
  readonly error: unknown
  readonly attempts: number
}

export interface FileJournalOptions {
  /** The file; made where it is missing. One process at a time. */
  readonly path: string
  /**
   * When what is appended is on the disk: `'always'` before the change is accepted (changes that come together share one
   * fsync), a duration for at the latest so long after, `'never'` for whenever the system pleases. Without `'always'` what
   * was accepted survives the end of the process, but not that of the machine. Default `'always'`.
   */
  readonly fsync?: 'always' | 'never' | Duration | undefined
}

export interface WriteBehindOptions {
  /** How long a change waits for others. Default 100 ms. */
  readonly delay?: Duration | undefined
  /** The most changes of one batch. Default 100. */
  readonly maxBatch?: number | undefined
  /** The most keys that wait, in each collection; further changes wait to be accepted. Default 10 000. */
  readonly maxQueue?: number | undefined
  /**
   * How a change that failed is tried again: after `backoff`, doubled each time up to `maxBackoff`, spread by half. Default
   * 10 attempts, 100 ms, 30 s. Without `deadLetter` there is no last attempt.
   */
  readonly retry?: { readonly attempts?: number | undefined; readonly backoff?: Duration | undefined; readonly maxBackoff?: Duration | undefined } | undefined
  /** Takes a change that failed alone and too often. Until it has resolved the change is kept. */
  readonly deadLetter?: ((letter: DeadLetter) => MaybePromise<void>) | undefined
  /** How long `close()`, and the process on one of `signals`, waits for the queue to empty. Default 5 s. */
  readonly drain?: Duration | undefined
  /** On which signals to empty the queue. Default `['SIGTERM']`; `[]` for none. */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** What accepted changes survive in: a file, the shared tier of a name (`'redis'`), or a journal of your own. Default: nothing. */
  readonly journal?: FileJournalOptions | string | Journal | undefined
}

/** Lengths of time in milliseconds. */
export interface ResolvedWriteBehind {
  readonly delay: number
  readonly maxBatch: number
  readonly maxQueue: number
  readonly attempts: number
  readonly backoff: number
  readonly maxBackoff: number
  readonly deadLetter: WriteBehindOptions['deadLetter']
  readonly drain: number
  readonly signals: readonly NodeJS.Signals[]
  readonly journal: { readonly path: string; readonly fsync: 'always' | 'never' | number } | string | Journal | undefined
}

const NAMES = ['delay', 'maxBatch', 'maxQueue', 'retry', 'deadLetter', 'drain', 'signals', 'journal']

/**
 * Every option with its default.
 *
 * @throws ConfigError with all broken rules.
 */
export function resolveWriteBehind(options: WriteBehindOptions): ResolvedWriteBehind {
  const issues: ConfigIssue[] = []
  const broken = (option: string, rule: string, value: unknown): void => void issues.push({ option: `writeBehind.${option}`, rule, value })
  const length = (option: string, value: unknown): number => {
    const ms = parseDuration(value)
    if (ms === undefined || ms === Infinity) broken(option, ms === undefined ? DURATION_RULE : 'finite', value)
    return ms ?? 0
  }
  const count = (option: string, value: number): number => {
    if (!Number.isSafeInteger(value) || value < 1) broken(option, 'an integer >= 1', value)
    return value
  }
  const known = (given: object, names: readonly string[], path = ''): void => {
    for (const [name, value] of Object.entries(given)) if (!names.includes(name)) broken(path + name, `one of ${names.join(', ')}`, value)
  }
  const { retry = {}, deadLetter, signals = ['SIGTERM'], journal } = options
  known(options, NAMES)
  known(retry, ['attempts', 'backoff', 'maxBackoff'], 'retry.')
  if (deadLetter !== undefined && typeof deadLetter !== 'function') broken('deadLetter', 'a function', deadLetter)
  if (!Array.isArray(signals)) broken('signals', 'an array of names of signals', signals)
  const resolved: ResolvedWriteBehind = {
    delay: length('delay', options.delay ?? 100),
    maxBatch: count('maxBatch', options.maxBatch ?? 100),
    maxQueue: count('maxQueue', options.maxQueue ?? 10_000),
    attempts: count('retry.attempts', retry.attempts ?? 10),
    backoff: length('retry.backoff', retry.backoff ?? 100),
    maxBackoff: length('retry.maxBackoff', retry.maxBackoff ?? 30_000),
    deadLetter,
    drain: length('drain', options.drain ?? 5_000),
    signals,
    journal: resolveJournal(journal),
  }
  if (issues.length > 0) throw new ConfigError(issues)
  return resolved

  function resolveJournal(given: WriteBehindOptions['journal']): ResolvedWriteBehind['journal'] {
    if (given === undefined || (typeof given === 'string' && given !== '')) return given
    if (isJournal(given)) return given
    if (typeof given !== 'object' || typeof given.path !== 'string' || given.path === '') {
      broken('journal', "{ path }, the name of a shared tier such as 'redis', or a Journal", given)
      return undefined
    }
    known(given, ['path', 'fsync'], 'journal.')
    const { path, fsync = 'always' } = given
    return { path, fsync: fsync === 'always' || fsync === 'never' ? fsync : length('journal.fsync', fsync) }
  }
}

/** Whether it is one of a user's own. */
export const isJournal = (journal: unknown): journal is Journal =>
  typeof journal === 'object' && journal !== null && ['replay', 'append', 'done', 'close'].every((name) => typeof (journal as Record<string, unknown>)[name] === 'function')
