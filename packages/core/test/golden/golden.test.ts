import { Codec } from '@stratacache/core/shared'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bytesOf } from './bytes.ts'
import { GOLDEN, GOLDEN_KEY } from './entries.ts'

/* Bytes as they were written once. A file is never written anew: what does not fit it is another wire version. */

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
