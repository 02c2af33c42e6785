import { BY_SET, type Line, Reading } from '../history/line.ts'
import type { FaultWindow } from './window.ts'

export type Rule =
  /** A value older than a version whose invalidation was confirmed. */
  | 'stale'
  /** A value whose load began before an invalidation that was confirmed, of whatever version. */
  | 'outlived'
  /** An older `set` in place of a newer one. */
  | 'reordered'
  /** Two loads where one would have done. */
  | 'loaded twice'
  /** An error, or nothing, for a caller whose loader works. */
  | 'failed'
  /** A value that nobody ever wrote. */
  | 'corrupt'

/** A read that broke a rule, with what it broke it by. */
export interface Violation {
  readonly rule: Rule
  readonly line: Line
  /** The invalidation, the `set` or the load that the line disagrees with. */
  readonly against: Line | undefined
}

/** A whole history, and what was promised. */
export interface Trial {
  readonly lines: readonly Line[]
  readonly windows: readonly FaultWindow[]
  /** How late memory of another process may learn of an invalidation, in ms. */
  readonly foreignMemory: number
  /** How long after contact what was taken back is repaired, in ms. */
  readonly repair: number
  /** Whether the promise is about loads as well, not only about versions. */
  readonly literal: boolean
  /** Which instances have memory. */
  readonly hasMemory: (instance: number) => boolean
}

/**
 * How late a read may learn of what other processes invalidate, in µs. Not at all where it asks the shared tier itself;
 * a read that may load can also wait for a read of its process that is under way, which is as much local state as memory.
 */
export function slackOf({ instance, flag }: Line, { hasMemory, foreignMemory }: Trial): number {
  const isLocal = hasMemory(instance) || flag % BY_SET !== Reading.get
  return isLocal ? foreignMemory * 1e3 : 0
}
