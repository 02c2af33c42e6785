import type { Kind } from '@stratacache/core'
import type { Path } from '@stratacache/core/config'

/** A configuration, and where it comes from. */
export interface Source {
  readonly data: unknown
  /** Where packages are looked for. */
  readonly folder: string
  /** Kinds that it brings along. */
  readonly kinds: readonly Kind[]
  /** Where something is, as `file:line:column`; `undefined` for an object. */
  place(path: Path): string | undefined
}
