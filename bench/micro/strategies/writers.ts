import { writeAround, writeBehind, type WriteStrategy, writeThrough } from '@stratacache/core'

/** A way in which a change reaches the source. */
export interface WriterArm {
  readonly name: string
  /** `undefined`: the source is called, and there is no cache. */
  readonly strategy?: (folder: string) => WriteStrategy
}

export const WRITERS: readonly WriterArm[] = [
  { name: 'the source alone' },
  { name: 'writeThrough', strategy: () => writeThrough() },
  { name: 'writeAround', strategy: () => writeAround() },
  { name: 'writeBehind', strategy: () => writeBehind() },
  ...(['never', 'always'] as const).map((fsync) => ({
    name: `writeBehind, journal in a file, fsync '${fsync}'`,
    strategy: (folder: string) => writeBehind({ journal: { path: `${folder}/${fsync}.journal`, fsync } }),
  })),
]

/** Their calls are counted. `writeBehind` waits until a batch is full: how many are in one is then no matter of time. */
export const COUNTED: readonly WriterArm[] = [...WRITERS.slice(0, 3), { name: 'writeBehind', strategy: () => writeBehind({ delay: '1m' }) }]

export function writerOf(arms: readonly WriterArm[], name: string): WriterArm {
  const found = arms.find((arm) => arm.name === name)
  if (found === undefined) throw new Error(`no arm is called ${name}`)
  return found
}
