import { startRedis } from 'test-support'
import { compare } from '../../src/compare.ts'
import type { Steps } from '../../src/progress.ts'
import type { Section } from '../../src/results.ts'
import type { SeriesTable } from '../../src/tables.ts'
import { type Effort, TimedPeer } from '../timed-peer.ts'
import type { Operation, TagsStart } from './process.ts'

const PROCESS = new URL('process.ts', import.meta.url)
const COUNTS = [1, 2, 4, 8, 16]
const ROUNDS = 4
const OPERATIONS: readonly { readonly operation: Operation; readonly title: string; readonly unit: 'ns' | 'µs'; readonly effort: Effort }[] = [
  { operation: 'memory hit', title: 'Memory hit, by tags per entry', unit: 'ns', effort: { times: 1_000, samples: 12 } },
  { operation: 'set', title: 'Set in memory, by tags per entry', unit: 'ns', effort: { times: 1_000, samples: 12 } },
  { operation: 'shared hit', title: 'Shared hit, by tags per entry', unit: 'µs', effort: { times: 1_024, samples: 6 } },
]

/** What entries cost that have more tags. */
export async function tags(steps: Steps, counts: readonly number[] = COUNTS, rounds: number = ROUNDS): Promise<Section> {
  const step = steps(OPERATIONS.length)
  const tables: SeriesTable[] = []
  for (const { operation, title, unit, effort } of OPERATIONS) {
    step(operation)
    const costs = (await timeAll(operation, effort, counts, rounds)).map((ns) => ns / (unit === 'ns' ? 1 : 1_000))
    tables.push({ kind: 'series', title, x: 'tags per entry', y: `${unit} each`, points: counts, series: [{ name: 'stratacache', costs }] })
  }
  return {
    name: 'tags',
    title: 'More tags per entry',
    about: 'All 10,000 entries have so many tags of 1,000, which every read and every set gives anew. Reads are awaited one after the other in memory; 64 are in flight where Redis answers.',
    tables,
    targets: [],
  }
}

/** Nanoseconds, for each number of tags. */
async function timeAll(operation: Operation, effort: Effort, counts: readonly number[], rounds: number): Promise<number[]> {
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const peers = await Promise.all(counts.map(async (count) => {
    const start: TagsStart = { operation, tags: count, redisUrl: server.url }
    return stack.use(await TimedPeer.start(`${count}`, PROCESS, start))
  }))
  return (await compare(peers, rounds, effort)).map(({ ns }) => ns)
}
