import { SerializationError } from '@stratacache/core'
import { Codec } from '@stratacache/core/shared'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compress, decompress, MOST_BYTES } from '../src/compression.ts'
import { ENCODINGS, encodingOf } from './encodings.ts'

const KEY = 'cache:row'
const text = 'All work and no play makes Jack a dull boy. '.repeat(100)
const entryOf = (value: unknown) => ({ value, asOf: 5, storedAt: 1e12, freshUntil: 2e12, staleFor: 0, errorFor: 0, loadMs: 1.5, tags: [], version: undefined })
const kindOf = (codec: Codec, value: unknown): number => codec.encode(entryOf(value), KEY)[3]!

describe.each(['gzip', 'zstd'] as const)('compression by %s', (algorithm) => {
  const codec = new Codec(encodingOf({ compression: algorithm }))
  const kind = { gzip: 2, zstd: 3 }[algorithm]

  it('begins at minBytes, and is kept only where it makes the value smaller', () => {
    expect(kindOf(codec, text)).toBe(kind)
    expect(kindOf(codec, 'x'.repeat(2_046))).toBe(kind)
    expect(kindOf(codec, 'x'.repeat(2_045))).toBe(0)
    const noise = Buffer.from(Array.from({ length: 5_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24))
    expect(compress(noise.subarray(0, 60), { algorithm, minBytes: 0, level: 3 })).toBeUndefined()
  })

  it('takes its level', () => {
    const rows = Buffer.from(JSON.stringify(Array.from({ length: 2_000 }, (_, i) => ({ id: i, square: i * i, name: `user ${i % 97}` }))))
    const [quick, thorough] = [1, { gzip: 9, zstd: 19 }[algorithm]].map((level) => compress(rows, { algorithm, minBytes: 0, level })!.length)
    expect(thorough).toBeLessThan(quick!)
  })

  it('is read by whoever writes otherwise', () => {
    const bytes = codec.encode(entryOf({ text }), KEY)
    for (const name of ['plain', 'gzip', 'zstd']) expect(new Codec(ENCODINGS[name]!).decode(bytes, KEY)).toEqual(entryOf({ text }))
  })

  it('stops at a bound, and nothing is compressed that would be beyond it', () => {
    const pack = algorithm === 'gzip' ? gzipSync : zstdCompressSync
    const most = Buffer.alloc(MOST_BYTES)
    expect(decompress(pack(most), algorithm)).toHaveLength(MOST_BYTES)
    expect(() => decompress(pack(Buffer.alloc(MOST_BYTES + 1)), algorithm)).toThrow(SerializationError)
    expect(compress(Buffer.alloc(MOST_BYTES + 1), { algorithm, minBytes: 0, level: 1 })).toBeUndefined()
  })
})
