import { startRedis } from 'test-support'
import { Arm } from '../micro/arm.ts'
import { ioredisGet } from '../micro/libraries/clients.ts'
import { stratacache } from '../micro/libraries/stratacache.ts'
import { compare } from '../src/compare.ts'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import type { Timing } from '../src/timing.ts'
import { linesOf } from './series.ts'

const COUNTS = [1, 4, 16, 64, 256]
const ROUNDS = 5
const NAMES = [ioredisGet.name, stratacache.name]
/** Reads per sample: enough of them that all that are in flight take several turns. */
const TIMES = 512
const NS_PER_US = 1_000

/** What a read that Redis answers costs as more of them are under way. */
export async function inFlight(steps: Steps, counts: readonly number[] = COUNTS, rounds: number = ROUNDS): Promise<Section> {
  const step = steps(counts.length)
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const arms: Arm[] = []
  for (const [database, library] of NAMES.entries()) {
    const arm = stack.use(await Arm.start({ library, entries: 0, url: `${server.url}/${database}` }))
    await arm.verify(64)
    arms.push(arm)
  }
  const timings: Timing[][] = []
  for (const count of counts) {
    step(`${count} in flight`)
    timings.push(await compare(arms, rounds, { inFlight: count, times: TIMES, samples: 6 }))
  }
  for (const arm of arms) await arm.verify(64)
  return {
    name: 'in-flight',
    title: 'More reads in flight',
    about: 'All entries are in Redis, on the same machine, and none in memory. So many reads are under way at any time; the time of one is the time of all divided by their number.',
    tables: [{ kind: 'series', title: 'Shared hit, by reads in flight', x: 'in flight', y: 'µs each', points: counts, series: linesOf(NAMES, timings, NS_PER_US) }],
    targets: [],
  }
}
