import { Codec } from '@stratacache/core/shared'
import { readdirSync, readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { GOLDEN, GOLDEN_KEY } from './entries.ts'

/* Bytes as they were written once. A file is never written anew: what does not fit it is another wire version. */

const bytesOf = (name: string): Buffer => Buffer.from(readFileSync(new URL(`${name}.hex`, import.meta.url), 'latin1').replaceAll('\n', ''), 'hex')

describe.each(Object.entries(GOLDEN))('golden file %s', (name, { entry, encoding, kind, repeats }) => {
  it('is read', () => {
    expect(bytesOf(name)[3]).toBe(kind)
    expect(new Codec(encoding).decode(bytesOf(name), GOLDEN_KEY)).toEqual(entry)
  })
  if (repeats) it('is written again byte for byte', () => expect(Buffer.from(new Codec(encoding).encode(entry, GOLDEN_KEY))).toEqual(bytesOf(name)))
})

it('every golden file is looked at', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.hex'))
  expect(files.toSorted()).toEqual(Object.keys(GOLDEN).map((name) => `${name}.hex`).toSorted())
})

it('the offsets are those of the document', () => {
  const bytes = bytesOf('tags-version')
  expect([...bytes.subarray(0, 4)]).toEqual([0xca, 0x5c, 1, 0])
  const doubles = [4, 12, 20, 28, 40, 48, 56, 64].map((at) => bytes.readDoubleLE(at))
  const { asOf, freshUntil, staleFor, errorFor, storedAt, loadMs } = GOLDEN['tags-version']!.entry
  expect(doubles).toEqual([asOf, asOf * 0.6180339887498949, 0, 0, freshUntil, staleFor, errorFor, storedAt])
  expect(bytes.readFloatLE(72)).toBe(loadMs)
  expect(bytes.readUInt32LE(36)).toBe(crc32(bytes.subarray(40), crc32(bytes.subarray(2, 4))))
  expect(bytes.readUInt32LE(80)).toBe(crc32('structured'))
  const tagsAt = 85 + bytes[84]!
  const payloadAt = tagsAt + bytes.readUInt32LE(76)
  expect(bytes.toString('latin1', 85, tagsAt)).toBe('12345678901234567890')
  expect(JSON.parse(bytes.toString('utf8', tagsAt, payloadAt))).toEqual(['user:42', 'team "ü"'])
  expect(bytes.toString('utf8', payloadAt)).toBe('"x"')
})
