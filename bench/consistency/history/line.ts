/** What is recorded, and what `flag` and `detail` of each kind are. Times are of `monotonic()`, in µs. */
export const Kind = {
  /**
   * A value that a caller was given. `flag`: a `Reading`, plus `BY_SET` for a value that came with `set`; `detail`: when
   * the load or the write of the value began.
   */
  read: 1,
  /** One call of a loader. `flag`: a `Loading`. */
  load: 2,
  /**
   * A version that was committed before an invalidation was called that covers its key. `flag`: a `Status`; `detail`: the
   * version from which on copies carry the tag that was invalidated, 0 where all do.
   */
  floor: 3,
  /** An invalidation. `flag`: a `Status`; `key`: a key, or a whole group, or all of them (see `groupOf`). */
  invalidation: 4,
  /** A `set` of a version. `flag`: a `Status`. */
  set: 5,
  /** Something that happened to an instance, at `end`. `flag`: a `Mark`. */
  mark: 6,
  /** A soft invalidation of a key. */
  expiry: 7,
} as const

export const Reading = { getOrSet: 1, getOrSetMany: 2, get: 3, getSync: 4, refresh: 5 } as const
export const BY_SET = 16
export const Loading = { ok: 1, failed: 2, refreshed: 3 } as const
export const Status = { applied: 1, queued: 2, superseded: 3, failed: 4 } as const
export const Mark = { inStep: 1, replayed: 2 } as const

/** In place of a version: nothing was found; the call failed; a value that nobody ever wrote. */
export const NOTHING = 0
export const ERROR = -1
export const CORRUPT = -2

/** One line of a history. */
export interface Line {
  readonly kind: number
  /** One cache object of one process. */
  readonly instance: number
  readonly key: number
  readonly flag: number
  readonly version: number
  readonly begin: number
  readonly end: number
  readonly detail: number
}

/** Numbers per line: `kind`, `instance`, `key` and `flag` share the first. */
export const WIDTH = 5

export function encode({ kind, instance, key, flag, version, begin, end, detail }: Line, into: Float64Array, at: number): void {
  into[at] = ((kind * 0x1_0000 + instance) * 0x1_0000 + key) * 0x100 + flag
  into[at + 1] = version
  into[at + 2] = begin
  into[at + 3] = end
  into[at + 4] = detail
}

export function decode(from: Float64Array, at: number): Line {
  const packed = from[at]!
  const upper = Math.floor(packed / 0x100)
  const instance = Math.floor(upper / 0x1_0000)
  return {
    kind: Math.floor(instance / 0x1_0000),
    instance: instance % 0x1_0000,
    key: upper % 0x1_0000,
    flag: packed % 0x100,
    version: from[at + 1]!,
    begin: from[at + 2]!,
    end: from[at + 3]!,
    detail: from[at + 4]!,
  }
}

/** Invalidations of more than one key are recorded under these in place of a key. */
export const EVERYTHING = 0xffff
const FIRST_GROUP = 0x8000
export const groupAsKey = (group: number): number => FIRST_GROUP + group
export const groupOf = (key: number): number | undefined => (key >= FIRST_GROUP && key !== EVERYTHING ? key - FIRST_GROUP : undefined)

const name = (names: Readonly<Record<string, number>>, flag: number): string => Object.keys(names).find((key) => names[key] === flag) ?? String(flag)

/** A line for people. */
export function describe({ kind, instance, key, flag, version, begin, end, detail }: Line, origin: number): string {
  const ms = (time: number): string => `${((time - origin) / 1e3).toFixed(3)} ms`
  const flags = { [Kind.read]: Reading, [Kind.load]: Loading, [Kind.mark]: Mark }[kind] ?? Status
  const what = key === EVERYTHING ? 'everything' : groupOf(key) === undefined ? `key ${key}` : `group ${groupOf(key)}`
  const from = kind === Kind.read && version > 0 ? `, value from ${flag >= BY_SET ? 'a set' : 'a load'} of ${ms(detail)}` : ''
  return `${ms(begin)} to ${ms(end)}  instance ${instance}  ${name(Kind, kind)} ${name(flags, flag % BY_SET)}  ${what}  version ${version}${from}`
}
