import { type Entry, json } from '@stratacache/core'
import type { Encoding } from '@stratacache/core/shared'
import { encodingOf, secretOf } from '../encodings.ts'

export const GOLDEN_KEY = 'app/users:42'
export const GOLDEN_SECRET: Uint8Array = secretOf(7)

/** What a golden file holds, and how it was written. */
export interface Golden {
  readonly entry: Entry
  readonly encoding: Encoding
  /** Byte 3. */
  readonly kind: number
  /** Whether writing the entry again gives the same bytes, on any machine. */
  readonly repeats: boolean
}

const life = {
  asOf: 1_790_000_000_000_123,
  storedAt: 1_790_000_000_000.5,
  freshUntil: 1_790_000_060_000,
  staleFor: 30_000,
  errorFor: Infinity,
  loadMs: 12.5,
  tags: [],
  version: undefined,
}
const user = { id: 42, name: 'Ada 💡', team: null, scores: [1.5, -2], on: true }
const text = 'All work and no play makes Jack a dull boy. '.repeat(20)
const rich = {
  at: new Date(0),
  big: 12_345_678_901_234_567_890n,
  map: new Map<unknown, unknown>([['k', new Set([1, -0, Number.NaN])]]),
  gone: undefined,
  bytes: Buffer.from('bytes'),
  floats: new Float64Array([1.5]),
  pattern: /a[b]+c/giu,
}
const plain = encodingOf({})
const encryption = { keys: [{ id: '2026-01', secret: GOLDEN_SECRET }] }

/** By name of the file, without `.hex`. */
export const GOLDEN: Readonly<Record<string, Golden>> = {
  value: { entry: { ...life, value: user }, encoding: plain, kind: 0, repeats: true },
  'value-json': { entry: { ...life, value: user }, encoding: encodingOf({ serializer: json() }), kind: 0, repeats: true },
  'value-structured': { entry: { ...life, value: rich }, encoding: plain, kind: 0, repeats: false },
  'tags-version': { entry: { ...life, value: 'x', tags: ['user:42', 'team "ü"'], version: 12_345_678_901_234_567_890n }, encoding: plain, kind: 0, repeats: true },
  nothing: { entry: { ...life, value: undefined, tags: ['user:42'] }, encoding: plain, kind: 1, repeats: true },
  'soft-stamped': { entry: { ...life, value: user, freshUntil: 1_790_000_010_000 }, encoding: plain, kind: 0, repeats: false },
  gzip: { entry: { ...life, value: { text } }, encoding: encodingOf({ compression: { algorithm: 'gzip', minBytes: 100 } }), kind: 2, repeats: false },
  'gzip-json': { entry: { ...life, value: { text } }, encoding: encodingOf({ serializer: json(), compression: { algorithm: 'gzip', minBytes: 100 } }), kind: 2, repeats: false },
  zstd: { entry: { ...life, value: { text } }, encoding: encodingOf({ compression: { algorithm: 'zstd', minBytes: 100 } }), kind: 3, repeats: false },
  encrypted: { entry: { ...life, value: user, tags: ['user:42'], version: 7n }, encoding: encodingOf({ encryption }), kind: 8, repeats: false },
  'encrypted-nothing': { entry: { ...life, value: undefined }, encoding: encodingOf({ encryption }), kind: 9, repeats: false },
  'encrypted-zstd': { entry: { ...life, value: { text } }, encoding: encodingOf({ compression: { algorithm: 'zstd', minBytes: 100 }, encryption }), kind: 11, repeats: false },
}
