import { startRedis } from 'test-support'
import { Peer } from '../../src/process/peer.ts'
import type { Steps } from '../../src/progress.ts'
import type { Section } from '../../src/results.ts'
import type { SeriesTable } from '../../src/tables.ts'
import type { Target } from '../../src/target.ts'
import { ratio, type Timing, timing } from '../../src/timing.ts'
import type { InvalidationOrders, Invalidations, InvalidationStart } from './process.ts'

const PROCESS = new URL('process.ts', import.meta.url)
const IN_MEMORY = { where: 'memory alone', sizes: [1, 100, 10_000, 1_000_000], rounds: 4, repetitions: 2_000 }
/** A million entries would take Redis too long to store, for what they could tell beyond these. */
const IN_REDIS = { where: 'memory and Redis', sizes: [1, 100, 10_000, 100_000], rounds: 3, repetitions: 500 }

export interface Extent {
  readonly where: string
  readonly sizes: readonly number[]
  readonly rounds: number
  /** Of each tag, in a round. */
  readonly repetitions: number
}

/** What it costs to invalidate a tag that more entries have. */
export async function invalidation(steps: Steps, inMemory: Extent = IN_MEMORY, inRedis: Extent = IN_REDIS): Promise<Section> {
  const step = steps(2)
  step(inMemory.where)
  const memory = await measure(inMemory)
  step(inRedis.where)
  await using server = await startRedis()
  const redis = await measure(inRedis, server.url)
  return {
    name: 'invalidation',
    title: 'More entries with a tag',
    about: 'One cache holds the entries of all tags, and the tags are invalidated in ever changing order, so that nothing but the number of their entries differs. First: right after the entries were stored, once a round, the median of the few rounds, and so rough. Again: each time after that, the median of many. What was invalidated is checked to be gone, and the rest to be there.',
    tables: [memory.table, redis.table],
    targets: [memory.target, redis.target],
  }
}

async function measure({ where, sizes, rounds, repetitions }: Extent, redisUrl?: string): Promise<{ table: SeriesTable; target: Target }> {
  const start: InvalidationStart = { sizes, ...(redisUrl !== undefined && { redisUrl }) }
  await using peer = new Peer<InvalidationOrders>(PROCESS, start)
  await peer.opened
  const results: Invalidations[] = []
  // The first round is not counted.
  await peer.ask('round', repetitions)
  for (let round = 0; round < rounds; round++) results.push(await peer.ask('round', repetitions))
  const timings = (pick: (result: Invalidations) => readonly number[]): Timing[] =>
    sizes.map((size, index) => timing(`${size}`, results.map((result) => pick(result)[index]!)))
  const [first, again] = [timings((result) => result.first), timings((result) => result.again)]
  const micros = (timed: readonly Timing[]): number[] => timed.map(({ ns }) => ns / 1_000)
  return {
    table: {
      kind: 'series', title: `Invalidating a tag, by its entries: ${where}`, x: 'entries', y: 'µs', points: sizes,
      series: [{ name: 'first', costs: micros(first) }, { name: 'again', costs: micros(again) }],
    },
    target: {
      text: `invalidating a tag of ${sizes.at(-1)!.toLocaleString('en')} entries against one of ${sizes[0]}, ${where}: time`,
      measured: ratio(again, `${sizes.at(-1)}`, `${sizes[0]}`), rule: 'at most', limit: 1.5, unit: ' ×',
    },
  }
}
