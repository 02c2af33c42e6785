import { SerializationError } from '@stratacache/core'
import { Codec, structuredSerializer } from '@stratacache/core/shared'
import { isDeepStrictEqual } from 'node:util'
import { mutate, randomBytes, seeded } from './fuzz.ts'

/*
 * A million mutated envelopes, or as many as are asked for: `pnpm fuzz [COUNT] [SEED]`. Each must decode to the
 * entry it was made of, or be refused.
 */

const [count, seed] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? Date.now() % 1_000_000)]
const random = seeded(seed)
const codec = new Codec(structuredSerializer())
const life = { asOf: 1_790_000_000_000_123, storedAt: 1e12, freshUntil: 2e12, staleFor: 1_000, errorFor: Infinity, loadMs: 1.5 }
const entries = [
  { ...life, value: { id: 1, list: [1, 'two', null] }, tags: [], version: undefined },
  { ...life, value: new Map<string, unknown>([['k', new Date(0)], ['n', 12n]]), tags: ['a', 'ü'], version: 9n },
  { ...life, value: undefined, tags: ['t'], version: undefined },
  { ...life, value: Buffer.from('binary'), tags: [], version: 12_345_678_901_234_567_890n },
]
const encoded = entries.map((entry) => codec.encode(entry))

let survived = 0
for (let i = 0; i < count; i++) {
  const which = i % (entries.length + 1)
  const bytes = which === entries.length ? randomBytes(random, 400) : mutate(encoded[which]!, random)
  try {
    const { value, tags, version, asOf, freshUntil } = codec.decode(bytes)
    const original = entries[which]
    const same = original && isDeepStrictEqual({ value, tags, version, asOf }, { value: original.value, tags: original.tags, version: original.version, asOf: original.asOf })
    if (!same || freshUntil > life.freshUntil) throw new Error(`mutation ${i} of seed ${seed} decoded to something else: ${bytes.toString('hex')}`)
    survived++
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error
  }
}
console.log(`${count} mutated envelopes, seed ${seed}: ${survived} decoded to the original, the rest were refused`)
