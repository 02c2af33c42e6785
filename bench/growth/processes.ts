import { Redis } from 'ioredis'
import { startRedis } from 'test-support'
import { Arm } from '../micro/arm.ts'
import { ioredisGet } from '../micro/libraries/clients.ts'
import { stratacache } from '../micro/libraries/stratacache.ts'
import type { Start } from '../micro/order.ts'
import { assertLoads, KEYS } from '../micro/users.ts'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import type { SeriesTable } from '../src/tables.ts'
import { median } from '../src/timing.ts'

const COUNTS = [1, 2, 4, 8]
const ROUNDS = 5
const NAMES = [ioredisGet.name, stratacache.name]
const IN_FLIGHT = 64
/** Reads of each process in a round: many times what it takes to tell all of them to begin. */
const READS = 25_000
const CALLERS = 1_000
/** Long enough for every process to have its order before the start. Milliseconds. */
const NOTICE = 100

/** What more processes cost, and get, that share one Redis. */
export async function processes(steps: Steps, counts: readonly number[] = COUNTS, rounds: number = ROUNDS): Promise<Section> {
  const step = steps(2)
  step('loads')
  const loads = await mostLoads(counts, rounds)
  step('reads')
  const reads = await readsPerSecond(counts, rounds)
  return {
    name: 'processes',
    title: 'More processes',
    about: `Loads: ${CALLERS.toLocaleString('en')} callers in so many processes read a cold key at once; the worst of ${rounds} rounds counts. Reads: every process has ${IN_FLIGHT} in flight, all entries are in Redis and none in memory. Redis and all processes share the processors of this machine: once they are busy, one more process cannot add anything.`,
    tables: [
      { kind: 'series', title: 'Loads per cold key, by processes', x: 'processes', y: 'loads', points: counts, series: [{ name: stratacache.name, costs: loads }] },
      { kind: 'series', title: 'Shared reads of all together, by processes', x: 'processes', y: 'reads/s', points: counts, series: reads },
    ],
    targets: [{ text: `loads per cold key, up to ${Math.max(...counts)} processes, worst round`, measured: Math.max(...loads), rule: 'at most', limit: 1, unit: '' }],
  }
}

/** For each count, the most that any cold key was loaded. */
async function mostLoads(counts: readonly number[], rounds: number): Promise<number[]> {
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const countsUrl = `${server.url}/1`
  const counted = stack.adopt(new Redis(countsUrl), (client) => client.disconnect())
  const fleet = await fleetOf(Math.max(...counts), { library: stratacache.name, entries: KEYS.length, url: server.url, countsUrl }, stack)
  const cold = KEYS.values()
  const most: number[] = []
  for (const count of counts) {
    const loads: number[] = []
    for (let round = 0; round < rounds; round++) {
      const key = cold.next().value!
      const at = Date.now() + NOTICE
      await Promise.all(fleet.slice(0, count).map((arm) => arm.rush(key, CALLERS / count, at)))
      loads.push(Number(await counted.get(key)))
    }
    most.push(Math.max(...loads))
  }
  for (const loads of most) assertLoads(loads, 1)
  return most
}

/** For each library, by as many processes as counted together: the median of the rounds. */
async function readsPerSecond(counts: readonly number[], rounds: number): Promise<SeriesTable['series']> {
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const fleets: Arm[][] = []
  for (const [database, library] of NAMES.entries()) {
    const fleet = await fleetOf(Math.max(...counts), { library, entries: 0, url: `${server.url}/${database}` }, stack)
    // The first loads everything; the others find it.
    for (const [index, arm] of fleet.entries()) await arm.verify(IN_FLIGHT, index === 0 ? KEYS.length : 0)
    fleets.push(fleet)
  }
  const costs = NAMES.map((): number[] => [])
  for (const count of counts) {
    const results = NAMES.map((): number[] => [])
    for (let round = 0; round < rounds; round++) {
      for (const [index, fleet] of fleets.entries()) results[index]!.push(await together(fleet.slice(0, count)))
    }
    for (const [index, each] of results.entries()) costs[index]!.push(median(each))
  }
  return NAMES.map((name, index) => ({ name, costs: costs[index]! }))
}

const fleetOf = (size: number, start: Start, stack: AsyncDisposableStack): Promise<Arm[]> =>
  Promise.all(Array.from({ length: size }, async () => stack.use(await Arm.start(start))))

/** Reads per second, from the first to begin until the last has ended. */
async function together(fleet: readonly Arm[]): Promise<number> {
  const begun = performance.now()
  await Promise.all(fleet.map((arm) => arm.repeat(IN_FLIGHT, READS)))
  return (1_000 * READS * fleet.length) / (performance.now() - begun)
}
