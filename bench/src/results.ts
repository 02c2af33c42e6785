import type { FidelityTable, HeapTable, HitRatioTable, LoadTable, MatrixTable, SerializerTable, SeriesTable, SizeTable, StampedeTable, TimingTable } from './tables.ts'
import type { Target } from './target.ts'

/** One run of the bench, as it stands in results.json. */
export interface Results {
  readonly command: string
  readonly node: string
  readonly cpus: number
  /** YYYY-MM-DD. */
  readonly date: string
  /** Versions of what was compared. */
  readonly versions: Readonly<Record<string, string>>
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

export type Table = TimingTable | StampedeTable | SizeTable | HitRatioTable | HeapTable | LoadTable | SeriesTable | SerializerTable | FidelityTable | MatrixTable
