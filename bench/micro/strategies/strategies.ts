import type { Steps } from '../../src/progress.ts'
import type { Section } from '../../src/results.ts'
import { batchedLoads } from './batched-loads.ts'
import { countWrites } from './write-counts.ts'
import { timeWrites } from './write-times.ts'

const ROUNDS = 3
const ROUNDS_OF_LOADS = 15
const SOURCES_MS = [0, 1]

/** What a change through a collection costs by its write strategy, and what it spares the source; and what batched loads do. */
export async function strategies(steps: Steps): Promise<Section> {
  const step = steps(10)
  const times = await timeWrites(ROUNDS, SOURCES_MS, step)
  step('counts')
  const counts = await countWrites(500, 10)
  step('loads')
  const loads = await batchedLoads(1_000, ROUNDS_OF_LOADS)
  return {
    name: 'strategies',
    title: 'Strategies',
    about:
      'A change is timed until the caller is told that it is accepted: with writeBehind before the source has it, else after. Where 64 are in flight, the time of one is the time of all divided by their number. Round trips are those of all connections, counted by a proxy in front of Redis; among them are those of the reader of the log, which nobody waits for. The source of the loads takes 1 ms for a call, of one key or of many.',
    tables: [...times, counts, loads],
    targets: [],
  }
}
