import { compare } from '../../src/compare.ts'
import type { Steps } from '../../src/progress.ts'
import type { Section } from '../../src/results.ts'
import type { Timing } from '../../src/timing.ts'
import { linesOf } from '../series.ts'
import { TimedPeer } from '../timed-peer.ts'
import type { Holder } from './holders.ts'
import { type Group, GROUPS } from './index.ts'
import type { EntriesStart } from './process.ts'

const PROCESS = new URL('process.ts', import.meta.url)
const COUNTS = [1_000, 10_000, 100_000, 1_000_000]
const ROUNDS = 5
const EFFORT = { times: 1_000, samples: 12 }

/** What the memory tier's operations cost as it holds more. */
export async function entries(steps: Steps, counts: readonly number[] = COUNTS, rounds: number = ROUNDS, groups: readonly Group[] = GROUPS): Promise<Section> {
  const step = steps(counts.length)
  const timings: Timing[][] = []
  for (const count of counts) {
    step(`${count} entries`)
    timings.push(await timeAll(groups.flatMap(({ holders }) => holders), count, rounds))
  }
  return {
    name: 'entries',
    title: 'More entries',
    about: 'Memory is full with so many entries, which are read in an order that has nothing to do with how they lie in memory: the more there are, the less of them the processor has at hand. Each set is of a key that was never there, and makes it.',
    tables: groups.map(({ title, holders }) => ({
      kind: 'series', title, x: 'entries', y: 'ns each', points: counts, series: linesOf(holders.map(({ name }) => name), timings),
    })),
    targets: [],
  }
}

async function timeAll(holders: readonly Holder[], count: number, rounds: number): Promise<Timing[]> {
  await using stack = new AsyncDisposableStack()
  const peers = await Promise.all(holders.map(async ({ name }) => {
    const start: EntriesStart = { holder: name, entries: count }
    return stack.use(await TimedPeer.start(name, PROCESS, start))
  }))
  return await compare(peers, rounds, EFFORT)
}
