import type { Target } from './target.ts'
import type { Timing } from './timing.ts'

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

export type Table = TimingTable | StampedeTable | SizeTable | HitRatioTable | HeapTable

export interface TimingTable {
  readonly kind: 'timing'
  readonly title: string
  readonly unit: 'ns' | 'µs'
  /** The arm that the others are divided by. */
  readonly baseline: string
  readonly timings: readonly Timing[]
}

export interface StampedeTable {
  readonly kind: 'stampede'
  readonly title: string
  readonly rows: readonly StampedeRow[]
}

export interface StampedeRow {
  readonly name: string
  /** How often the source was asked, round by round. */
  readonly loads: readonly number[]
  /** Milliseconds until the last caller was answered, round by round. */
  readonly ms: readonly number[]
}

export interface SizeTable {
  readonly kind: 'size'
  readonly title: string
  readonly rows: readonly { readonly name: string; readonly minified: number; readonly gzipped: number }[]
}

export interface HeapTable {
  readonly kind: 'heap'
  readonly title: string
  readonly names: readonly string[]
  /** Bytes per entry, by name. */
  readonly rows: readonly { readonly entries: number; readonly bytes: Readonly<Record<string, number>> }[]
}

export interface HitRatioTable {
  readonly kind: 'hitRatio'
  readonly title: string
  readonly policies: readonly string[]
  readonly rows: readonly HitRatioRow[]
}

export interface HitRatioRow {
  readonly workload: string
  readonly capacity: number
  /** By policy, from 0 to 1. */
  readonly ratios: Readonly<Record<string, number>>
  readonly optimum: number
}
