import type { Timing } from './timing.ts'

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

/** What it costs to turn one value into bytes and back. */
export interface SerializerTable {
  readonly kind: 'serializer'
  readonly title: string
  /** The row that the others are divided by, where there is one. */
  readonly baseline: string
  readonly rows: readonly SerializerRow[]
}

export interface SerializerRow {
  readonly name: string
  readonly bytes: number
  readonly serialize: Timing
  readonly deserialize: Timing
}

/** The first value that a serializer does not bring back, and the first that it changes where it ought to refuse. */
export interface FidelityTable {
  readonly kind: 'fidelity'
  readonly title: string
  readonly rows: readonly { readonly name: string; readonly breaks?: string | undefined; readonly changes?: string | undefined }[]
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

/** One scenario of load. */
export interface LoadTable {
  readonly kind: 'load'
  readonly title: string
  /** What was asked. */
  readonly about: string
  /** The first row of an arm is what it is compared by. */
  readonly rows: readonly LoadRow[]
}

/** Milliseconds. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Latencies are from the intended arrival to the answer. */
export interface LoadRow extends Spread {
  readonly arm: string
  /** Which requests: `reads`, `writes`. */
  readonly of: string
  /** Requests per second. */
  readonly offered: number
  /** Answers per second, as long as requests arrived. */
  readonly served: number
  /** In the first row of an arm: the whole run. */
  readonly totals?: Totals
}

export interface Totals {
  readonly reads: number
  readonly writes: number
  /** How often the source was asked. */
  readonly loads: number
  /** Answers that were older than a write that this process had seen done before it asked. */
  readonly stale: number
}

/** How a cost changes as something grows. */
export interface SeriesTable {
  readonly kind: 'series'
  readonly title: string
  /** What grows: `entries`. */
  readonly x: string
  /** What it costs, with its unit: `ns each`. */
  readonly y: string
  readonly points: readonly number[]
  /** A cost for each of the points. */
  readonly series: readonly { readonly name: string; readonly costs: readonly number[] }[]
}

/** Numbers of several kinds, or under several conditions. */
export interface MatrixTable {
  readonly kind: 'matrix'
  readonly title: string
  /** With their units, where the title does not say them. */
  readonly columns: readonly string[]
  /** A value for each of the columns. */
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[]
}
