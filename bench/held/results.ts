import type { Target } from '../src/target.ts'

/** One run, as it stands in results.json. */
export interface Results {
  readonly command: string
  readonly node: string
  readonly redis: string
  readonly cpus: number
  /** YYYY-MM-DD. */
  readonly date: string
  readonly sections: readonly Section[]
}

export interface Section {
  readonly name: string
  readonly title: string
  /** What was done, in a sentence or two. */
  readonly about: string
  readonly tables: readonly Table[]
  readonly targets: readonly Target[]
}

export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export type Cell = string | number
