import { type Entry, SerializationError } from '@stratacache/core'
import { Codec } from '@stratacache/core/shared'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ENCODINGS, encodingOf, rechecked, secretOf } from './encodings.ts'

const KEY = 'cache:row'
const life = { asOf: 5, storedAt: 1e12, freshUntil: 2e12, staleFor: 1_000, errorFor: 0, loadMs: 1.5 }
const entry: Entry = { ...life, value: { plan: 'attack at dawn' }, tags: ['t'], version: 7n }
const nothing: Entry = { ...life, value: undefined, tags: [], version: undefined }

const [a, b] = [{ id: 'a', secret: secretOf(1) }, { id: 'b', secret: secretOf(2) }]
const codecOf = (...keys: (typeof a)[]): Codec => new Codec(encodingOf({ encryption: { keys } }))

describe('an encrypted envelope', () => {
  it('shows nothing of the value, and never repeats', () => {
    const codec = codecOf(a)
    const [first, second] = [codec.encode(entry, KEY), codec.encode(entry, KEY)]
    expect(Buffer.from(first).includes('attack')).toBe(false)
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false)
  })

  it('is read by its key alone, wherever that stands in the ring; the first one writes', () => {
    const old = codecOf(a).encode(entry, KEY)
    expect(codecOf(b, a).decode(old, KEY)).toEqual(entry)
    expect(() => codecOf(b).decode(old, KEY)).toThrow('by a key that is not among those given')
    const rotated = codecOf(b, a).encode(entry, KEY)
    expect(codecOf(b).decode(rotated, KEY)).toEqual(entry)
    expect(() => codecOf({ id: 'a', secret: secretOf(9) }).decode(old, KEY)).toThrow('not what was encrypted')
  })

  it('is bound to the key under which it is stored, whether it holds a value or nothing', () => {
    for (const each of [entry, nothing]) {
      const bytes = codecOf(a).encode(each, KEY)
      expect(codecOf(a).decode(bytes, KEY)).toEqual(each)
      for (const other of ['cache:ro', 'cache:row2', 'other:row', '']) expect(() => codecOf(a).decode(bytes, other)).toThrow('not where it was put')
    }
  })

  it('is refused with one bit changed anywhere but in what the shared tier sets, however right the checksum is', () => {
    for (const each of [entry, nothing]) {
      const bytes = codecOf(a).encode(each, KEY)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const at = bit >> 3
        if (at >= 4 && at < 40) continue
        const changed = Buffer.from(bytes)
        changed[at]! ^= 1 << (bit & 7)
        expect(() => codecOf(a, b).decode(changed, KEY)).toThrow(SerializationError)
        expect(() => codecOf(a, b).decode(rechecked(changed), KEY)).toThrow(SerializationError)
      }
    }
  })

  it('is refused with parts of another one', () => {
    const [first, second] = [entry, { ...entry, value: { plan: 'attack at dusk' } }].map((each) => Buffer.from(codecOf(a).encode(each, KEY)))
    const payloadAt = 85 + 1 + '["t"]'.length
    for (const [from, to] of [[payloadAt, payloadAt + 14], [payloadAt + 14, -16], [-16, undefined]] as const) {
      const mixed = Buffer.from(first!)
      second!.subarray(from, to).copy(mixed, from < 0 ? mixed.length + from : from)
      expect(() => codecOf(a).decode(rechecked(mixed), KEY)).toThrow('not what was encrypted')
    }
  })

  it('is refused without keys, and what is not encrypted is refused with them', () => {
    for (const each of [entry, nothing]) {
      expect(() => new Codec(ENCODINGS['plain']!).decode(codecOf(a).encode(each, KEY), KEY)).toThrow('encrypted, and no key is given')
      for (const name of ['plain', 'gzip', 'zstd']) {
        expect(() => codecOf(a).decode(new Codec(ENCODINGS[name]!).encode(each, KEY), KEY)).toThrow('not encrypted')
      }
    }
  })
})

it('secrets are not shown', () => {
  const secret = 'c0ffee'.padEnd(64, '0')
  const encoding = encodingOf({ encryption: { keys: [{ id: 'a', secret }] } })
  for (const shown of [inspect(encoding, { showHidden: true, depth: null }), JSON.stringify(encoding), inspect(new Codec(encoding), { showHidden: true, depth: null })]) {
    expect(shown.toLowerCase()).not.toMatch(/c0ffee|c0 ff ee|192, 255/)
  }
})
