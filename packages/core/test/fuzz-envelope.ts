import { SerializationError } from '@stratacache/core'
import { Codec } from '@stratacache/core/shared'
import { isDeepStrictEqual } from 'node:util'
import { ENCODINGS, rechecked } from './encodings.ts'
import { mutate, randomBytes, seeded } from './fuzz.ts'

/*
 * A million mutated envelopes, or as many as are asked for: `pnpm fuzz [COUNT] [SEED]`. Each must decode to the
 * entry it was made of, or be refused. Of the encrypted ones, half get a checksum that is right again.
 */

const [count, seed] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? Date.now() % 1_000_000)]
const random = seeded(seed)
const KEY = 'cache:row'
const life = { asOf: 1_790_000_000_000_123, storedAt: 1e12, freshUntil: 2e12, staleFor: 1_000, errorFor: Infinity, loadMs: 1.5 }
const entries = [
  { ...life, value: { id: 1, list: [1, 'two', null], text: 'a'.repeat(60) }, tags: [], version: undefined },
  { ...life, value: new Map<string, unknown>([['k', new Date(0)], ['n', 12n]]), tags: ['a', 'ü'], version: 9n },
  { ...life, value: undefined, tags: ['t'], version: undefined },
  { ...life, value: Buffer.from('binary'), tags: [], version: 12_345_678_901_234_567_890n },
]
const originals = Object.entries(ENCODINGS).flatMap(([name, encoding]) => {
  const codec = new Codec(encoding)
  return entries.map((entry) => ({ codec, entry, envelope: codec.encode(entry, KEY), isEncrypted: name.includes('encrypted') }))
})

let survived = 0
for (let i = 0; i < count; i++) {
  const { codec, entry, envelope, isEncrypted } = originals[i % originals.length]!
  const isNoise = random() < 0.1
  const mutated = isNoise ? randomBytes(random, 400) : mutate(envelope, random)
  const bytes = isEncrypted && random() < 0.5 ? rechecked(mutated) : mutated
  try {
    const { value, tags, version, asOf, freshUntil } = codec.decode(bytes, KEY)
    const same = isDeepStrictEqual({ value, tags, version, asOf }, { value: entry.value, tags: entry.tags, version: entry.version, asOf: entry.asOf })
    if (isNoise || !same || freshUntil > life.freshUntil) throw new Error(`mutation ${i} of seed ${seed} decoded to something else: ${bytes.toString('hex')}`)
    survived++
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error
  }
}
console.log(`${count} mutated envelopes, seed ${seed}: ${survived} decoded to the original, the rest were refused`)
