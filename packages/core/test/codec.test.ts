import { type Entry, SerializationError } from '@stratacache/core'
import { Codec, ENVELOPE } from '@stratacache/core/shared'
import { describe, expect, it } from 'vitest'
import { ENCODINGS, encodingOf, rechecked } from './encodings.ts'
import { mutate, randomBytes, seeded } from './fuzz.ts'

const KEY = 'cache:row'
const codec = new Codec(ENCODINGS['plain']!)

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

describe.each(Object.entries(ENCODINGS))('the envelope, %s', (name, encoding) => {
  const encoded = new Codec(encoding)

  it('brings back every field', () => {
    for (const entry of [
      sample({ a: 1 }),
      sample(undefined),
      sample(undefined, { tags: ['t'], version: 1n }),
      sample('x', { tags: ['a', 'ünï "quoted"', ''], version: 12_345_678_901_234_567_890n }),
      sample(null, { freshUntil: Infinity, version: 0n }),
      sample('long '.repeat(1_000)),
      sample(new Map([['list', Array.from({ length: 1_000 }, (_, i) => BigInt(i))]])),
    ]) {
      expect(encoded.decode(encoded.encode(entry, KEY), KEY)).toEqual(entry)
    }
  })

  it('is refused where it is cut off', () => {
    const bytes = encoded.encode(sample({ a: 1 }, { tags: ['t'], version: 3n }), KEY)
    for (let length = 0; length < bytes.length; length++) expect(() => encoded.decode(bytes.subarray(0, length), KEY)).toThrow(SerializationError)
  })

  it('soft invalidation by the backend makes the entry stale from then on', () => {
    const bytes = Buffer.from(encoded.encode(sample('x'), KEY))
    const softAt = 1_790_000_010_000
    bytes.writeDoubleLE(softAt, 20)
    bytes.writeDoubleLE(softAt * ENVELOPE.seal, 28)
    expect(encoded.decode(bytes, KEY)).toMatchObject({ freshUntil: softAt, staleFor: 30_000 })
  })

  it('ten thousand mutations: the entry as it was, or an error, never another value', () => {
    const random = seeded(7)
    const originals = [sample({ list: [1, 'two', null], n: 1.5, text: 'a'.repeat(50) }), sample(new Map([['k', new Date(0)]]), { tags: ['a', 'b'] }), sample('text', { version: 9n })]
    let survived = 0
    for (let i = 0; i < 10_000; i++) {
      const original = originals[i % originals.length]!
      const mutated = mutate(encoded.encode(original, KEY), random)
      try {
        const { value, tags, version, asOf, freshUntil } = encoded.decode(name.includes('encrypted') && i % 2 === 0 ? rechecked(mutated) : mutated, KEY)
        expect({ value, tags, version, asOf }).toEqual({ value: original.value, tags: original.tags, version: original.version, asOf: original.asOf })
        expect(freshUntil).toBeLessThanOrEqual(original.freshUntil)
        survived++
      } catch (error) {
        if (!(error instanceof SerializationError)) throw error
      }
    }
    expect(survived).toBeLessThan(200)
    for (let i = 0; i < 1_000; i++) expect(() => encoded.decode(randomBytes(random, 300), KEY)).toThrow(SerializationError)
  })
})

describe('an envelope is refused', () => {
  const original = codec.encode(sample({ a: 1 }), KEY)
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(original)
    change(bytes)
    return rechecked(bytes)
  }

  it('when it is none, or of a version or kind to come', () => {
    expect(() => codec.decode(Buffer.from('{"value":1}'), KEY)).toThrow('not an envelope')
    expect(() => codec.decode(changed((bytes) => (bytes[2] = 2)), KEY)).toThrow('unknown envelope version 2')
    for (const kind of [4, 7, 12, 16, 128]) expect(() => codec.decode(changed((bytes) => (bytes[3] = kind)), KEY)).toThrow(`unknown kind of envelope ${kind}`)
    expect(() => codec.decode(changed((bytes) => (bytes[3] = 1)), KEY)).toThrow('damaged')
  })

  it('when another serializer wrote it, which its name tells', () => {
    const { serializer } = ENCODINGS['plain']!
    const renamed = new Codec({ serializer: { ...serializer, name: 'structured-2' } })
    expect(() => renamed.decode(original, KEY)).toThrow('written by another serializer')
    expect(renamed.decode(renamed.encode(sample(1), KEY), KEY)).toEqual(sample(1))
  })

  it('when its kind was changed and nothing else', () => {
    for (let kind = 1; kind < 256; kind++) {
      const bytes = Buffer.from(original)
      bytes[3] = kind
      expect(() => codec.decode(bytes, KEY)).toThrow(SerializationError)
    }
  })
})

it('a serializer may write nothing at all for a value', () => {
  const text = new Codec(encodingOf({ serializer: { name: 'text', serialize: (value) => Buffer.from(String(value)), deserialize: (bytes, start) => Buffer.from(bytes).toString('utf8', start) } }))
  expect(text.decode(text.encode(sample(''), KEY), KEY)).toEqual(sample(''))
})
