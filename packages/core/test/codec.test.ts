import { type Entry, SerializationError } from '@stratacache/core'
import { Codec, ENVELOPE, structuredSerializer } from '@stratacache/core/shared'
import { describe, expect, it } from 'vitest'
import { mutate, randomBytes, seeded } from './fuzz.ts'

const codec = new Codec(structuredSerializer())

const sample = (value: unknown, more: Partial<Entry> = {}): Entry => ({
  value,
  asOf: 1_790_000_000_000_123,
  storedAt: 1_790_000_000_000.5,
  freshUntil: 1_790_000_060_000,
  staleFor: 30_000,
  errorFor: Infinity,
  loadMs: 12.5,
  tags: [],
  version: undefined,
  ...more,
})

describe('the envelope', () => {
  it('brings back every field', () => {
    for (const entry of [
      sample({ a: 1 }),
      sample(undefined),
      sample('x', { tags: ['a', 'ünï "quoted"', ''], version: 12_345_678_901_234_567_890n }),
      sample(null, { freshUntil: Infinity, version: 0n }),
    ]) {
      expect(codec.decode(codec.encode(entry))).toEqual(entry)
    }
  })

  it('refuses foreign, cut and damaged bytes, and versions it does not know', () => {
    const bytes = Buffer.from(codec.encode(sample({ a: 1 }, { tags: ['t'], version: 3n })))
    for (let length = 0; length < bytes.length; length++) expect(() => codec.decode(bytes.subarray(0, length))).toThrow(SerializationError)
    expect(() => codec.decode(Buffer.from('{"value":1}'))).toThrow(SerializationError)
    const newer = Buffer.from(bytes)
    newer[2] = 2
    expect(() => codec.decode(newer)).toThrow('version 2')
  })

  it('soft invalidation by the backend makes the entry stale from then on', () => {
    const bytes = Buffer.from(codec.encode(sample('x')))
    const softAt = 1_790_000_010_000
    bytes.writeDoubleLE(softAt, 20)
    bytes.writeDoubleLE(softAt * ENVELOPE.seal, 28)
    expect(codec.decode(bytes)).toMatchObject({ freshUntil: softAt, staleFor: 30_000 })
  })

  it('ten thousand mutated envelopes: the entry as it was, or an error, never another value', () => {
    const random = seeded(7)
    const originals = [sample({ list: [1, 'two', null], n: 1.5 }), sample(new Map([['k', new Date(0)]]), { tags: ['a', 'b'] }), sample('text', { version: 9n })]
    let survived = 0
    for (let i = 0; i < 10_000; i++) {
      const original = originals[i % originals.length]!
      const bytes = mutate(codec.encode(original), random)
      try {
        const { value, tags, version, asOf, freshUntil } = codec.decode(bytes)
        expect({ value, tags, version, asOf }).toEqual({ value: original.value, tags: original.tags, version: original.version, asOf: original.asOf })
        expect(freshUntil).toBeLessThanOrEqual(original.freshUntil)
        survived++
      } catch (error) {
        if (!(error instanceof SerializationError)) throw error
      }
    }
    expect(survived).toBeLessThan(200)
    for (let i = 0; i < 1_000; i++) expect(() => codec.decode(randomBytes(random, 300))).toThrow(SerializationError)
  })
})
