import type { LogRecord } from '@stratacache/core'

/** What a record of the log says beside its source: the scripts look for tags in it, and for the lag at its end. */
export function recordData({ keys, tags, soft, lagMs, asOf }: Omit<LogRecord, 'stamp' | 'prev' | 'source'>): string {
  return JSON.stringify({ t: tags, k: keys, f: soft ? 1 : undefined, w: asOf, g: lagMs > 0 ? lagMs : undefined })
}

/** The first record of a log. */
export const GENESIS: string = recordData({ keys: [], tags: [], soft: false, lagMs: 0 })

const stampOf = (id: string): number => Number.parseInt(id, 10)

/** A record from an entry of the stream: its id, and its fields in the order in which the scripts write them. */
export function toRecord([id, [, prev, , source, , data]]: readonly [string, readonly string[]]): LogRecord {
  const { t, k, f, w, g = 0 } = JSON.parse(data!) as { t: string[]; k: string[]; f?: 1; w?: number; g?: number }
  return { stamp: stampOf(id), prev: Number(prev), source: source!, keys: k, tags: t, soft: f === 1, lagMs: g, asOf: w }
}
