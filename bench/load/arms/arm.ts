import type { Row } from '../source/queries.ts'

/** A way to read the source. */
export interface Arm {
  readonly name: string
  /** Whether it may answer without the source. */
  readonly isCache: boolean
  /** Whether no answer may be older than an invalidation that was done before the read began. */
  readonly isCoherent: boolean
  open(setup: Setup): Promise<OpenArm>
}

interface Setup {
  /** How many entries memory holds. */
  readonly memory: number
  readonly redisUrl: string
  readonly load: (id: number) => Promise<Row>
}

export interface OpenArm {
  read(id: number): Promise<Row>
  /** Called after the commit of a change. */
  invalidate(id: number): Promise<unknown>
  close(): Promise<unknown>
}

/** Longer than a run. */
export const TTL_MS = 3_600_000
