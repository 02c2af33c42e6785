import type { HeapTable, SizeTable, StampedeTable, TimingTable } from '../tables.ts'
import { median, ratio } from '../timing.ts'
import { markdown, number } from './markdown.ts'

export function renderTimings({ timings, unit, baseline }: TimingTable): string {
  const scale = unit === 'ns' ? 1 : 1_000
  return markdown(
    ['', `${unit} each`, `× ${baseline}`],
    timings.map(({ name, ns }) => [name, number(ns / scale), ratio(timings, name, baseline).toFixed(2)]),
  )
}

export function renderStampede({ rows }: StampedeTable): string {
  return markdown(
    ['', 'loads, round by round', 'ms until all are answered'],
    rows.map(({ name, loads, ms }) => [name, loads.join(' '), number(median(ms))]),
  )
}

export function renderSizes({ rows }: SizeTable): string {
  return markdown(
    ['', 'minified', 'gzipped'],
    rows.map(({ name, minified, gzipped }) => [name, number(minified), number(gzipped)]),
  )
}

export function renderHeap({ names, rows }: HeapTable): string {
  return markdown(
    ['entries', ...names],
    rows.map(({ entries, bytes }) => [number(entries), ...names.map((name) => number(bytes[name]!))]),
  )
}
