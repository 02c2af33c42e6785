import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import type { LoadTable } from '../src/tables.ts'
import { runScenario } from './run-scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { World } from './world.ts'

const SIZE = { products: 20_000, documents: 200 }
/** Milliseconds. */
const CALIBRATION = 1_000

/** What a cache buys, and what it costs, an application that is asked all the time. */
export async function load(steps: Steps): Promise<Section> {
  const step = steps(1 + SCENARIOS.reduce((sum, { arms }) => sum + arms.length, 0))
  step('filling the database')
  await using world = await World.start(SIZE, CALIBRATION)
  const tables: LoadTable[] = []
  for (const scenario of SCENARIOS) tables.push(await runScenario(scenario, world, (arm) => step(`${scenario.name}, ${arm}`)))
  return {
    name: 'load',
    title: 'Under load',
    about:
      'Requests arrive when they want to (an open loop), whether or not those before them were answered; latency is counted from the intended arrival to the answer, in milliseconds. Every arm lives through the same requests, in a process of its own, in front of one PostgreSQL with a pool of ten connections; the caches have memory and a Redis that is empty when they start. Rates are shares of what the database alone was found to answer just before. The database, Redis and the process share this machine. Every answer is checked; one that is older than a change that its own process had seen invalidated fails stratacache, and is counted as stale for others.',
    tables,
    targets: [],
  }
}
