import { compare } from '../../src/compare.ts'
import { nsPerOperation } from '../../src/measure.ts'
import type { Steps } from '../../src/progress.ts'
import type { Section } from '../../src/results.ts'
import type { SerializerRow, SerializerTable } from '../../src/tables.ts'
import { ratio, type Timing, timing } from '../../src/timing.ts'
import { ARMS, DEFAULT, PLAIN, type SerializerArm } from './arms.ts'
import { bringsBack, firstBroken, firstChanged } from './fidelity.ts'
import { VALUES } from './values.ts'

const ROUNDS = 7
/** Operations per sample: about a millisecond. */
const BYTES_PER_SAMPLE = 300_000

/** What it costs to turn values into bytes and back, and which of them come back as they were. */
export async function serializers(steps: Steps): Promise<Section> {
  const step = steps(Object.keys(VALUES).length)
  const fidelity = ARMS.map((arm) => ({ name: arm.name, breaks: firstBroken(arm), changes: firstChanged(arm) }))
  const tables: SerializerTable[] = []
  for (const [title, value] of Object.entries(VALUES)) {
    step(title)
    tables.push({ kind: 'serializer', title, baseline: PLAIN.name, rows: await rowsOf(value) })
  }
  return {
    name: 'serializers',
    title: 'Serializers',
    about:
      'From a value to bytes and back; JSON is `Buffer.from(JSON.stringify(value))` and `JSON.parse(buffer.toString())`. Who does not bring a value back is not timed with it.',
    tables: [...tables, { kind: 'fidelity', title: 'What comes back', rows: fidelity }],
    targets: tables
      .filter(({ rows }) => rows.some(({ name }) => name === PLAIN.name))
      .map(({ title, rows }) => ({ text: `default serializer against JSON, there and back, ${title}: time`, measured: thereAndBack(rows), rule: 'at most', limit: 1.5, unit: ' ×' })),
  }
}

async function rowsOf(value: unknown): Promise<SerializerRow[]> {
  const arms = ARMS.filter((arm) => bringsBack(arm, value))
  const times = Math.ceil(BYTES_PER_SAMPLE / DEFAULT.serialize(value).length)
  const serialized = await compare(arms.map((arm) => timed(arm.name, () => arm.serialize(value))), ROUNDS, times)
  const deserialized = await compare(arms.map((arm) => timed(arm.name, reading(arm, value))), ROUNDS, times)
  return arms.map((arm, index) => ({
    name: arm.name,
    bytes: arm.serialize(value).length,
    serialize: serialized[index]!,
    deserialize: deserialized[index]!,
  }))
}

function reading(arm: SerializerArm, value: unknown): () => unknown {
  const bytes = Buffer.from(arm.serialize(value))
  return () => arm.deserialize(bytes)
}

const timed = (name: string, run: () => unknown) => ({
  name,
  time: (times: number) =>
    nsPerOperation(
      (count) => {
        for (let i = 0; i < count; i++) run()
      },
      times,
      12,
    ),
})

function thereAndBack(rows: readonly SerializerRow[]): number {
  const sums = rows.map(({ name, serialize, deserialize }): Timing => timing(name, serialize.rounds.map((ns, round) => ns + deserialize.rounds[round]!)))
  return ratio(sums, DEFAULT.name, PLAIN.name)
}
