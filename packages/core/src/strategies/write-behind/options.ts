import type { Duration } from '../../duration.ts'
import type { MaybePromise } from '../../store.ts'
import type { Change } from '../../change.ts'
import type { Journal } from '../../journal.ts'
import { hasMethods, isFunction, OptionCheck } from '../../option-check.ts'

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
  const check = new OptionCheck('writeBehind.')
  const { retry = {}, deadLetter, signals = ['SIGTERM'], journal } = options
  check.known(options, NAMES)
  check.known(retry, ['attempts', 'backoff', 'maxBackoff'], 'retry.')
  if (deadLetter !== undefined) check.value('deadLetter', deadLetter, isFunction, 'a function')
  const resolved: ResolvedWriteBehind = {
    delay: finite(check, 'delay', options.delay ?? 100),
    maxBatch: check.count('maxBatch', options.maxBatch ?? 100),
    maxQueue: check.count('maxQueue', options.maxQueue ?? 10_000),
    attempts: check.count('retry.attempts', retry.attempts ?? 10),
    backoff: finite(check, 'retry.backoff', retry.backoff ?? 100),
    maxBackoff: finite(check, 'retry.maxBackoff', retry.maxBackoff ?? 30_000),
    deadLetter,
    drain: finite(check, 'drain', options.drain ?? 5_000),
    signals: check.value('signals', signals, Array.isArray, 'an array of names of signals'),
    journal: resolveJournal(check, journal),
  }
  check.throwIfBroken()
  return resolved
}

function resolveJournal(check: OptionCheck, given: WriteBehindOptions['journal']): ResolvedWriteBehind['journal'] {
  if (given === undefined || (typeof given === 'string' && given !== '') || isJournal(given)) return given
  if (typeof given !== 'object' || typeof given.path !== 'string' || given.path === '') {
    check.broken('journal', "{ path }, the name of a shared tier such as 'redis', or a Journal", given)
    return undefined
  }
  check.known(given, ['path', 'fsync'], 'journal.')
  const { path, fsync = 'always' } = given
  return { path, fsync: fsync === 'always' || fsync === 'never' ? fsync : finite(check, 'journal.fsync', fsync) }
}

function finite(check: OptionCheck, option: string, value: Duration): number {
  const ms = check.duration(option, value)
  return check.value(option, ms, (length) => length < Infinity, 'finite')
}

/** Whether it is one of a user's own. */
export const isJournal = (journal: unknown): journal is Journal => hasMethods(journal, ['replay', 'append', 'done', 'close'])
