import type { LoadRow, Totals } from '../src/tables.ts'
import type { Arm, OpenArm } from './arms/arm.ts'
import { assertLoads, loadRule } from './loads.ts'
import { openLoop } from './open-loop.ts'
import { Requests } from './requests.ts'
import type { Scenario } from './scenario.ts'
import type { Schedule } from './schedule.ts'
import type { Source } from './source/database.ts'
import { QUERIES, type Row } from './source/queries.ts'
import { Alarm } from './timer/alarm.ts'
import { Versions } from './versions.ts'
import { Measured, windowsOf } from './windows.ts'

export interface RunOptions {
  readonly scenario: Scenario
  readonly schedule: Schedule
  readonly arm: Arm
  readonly source: Source
  readonly redisUrl: string
  /** Milliseconds of misses and hits of row 0 before the run: code is compiled, connections are open. */
  readonly preparation: number
}

/** As many reads at once as open every connection to the database. */
const AT_ONCE = 50

/**
 * Lives through a schedule.
 *
 * @throws when an answer is wrong or missing, or the source was asked too often
 */
export async function run({ scenario, schedule, arm, source, redisUrl, preparation }: RunOptions): Promise<LoadRow[]> {
  const totals = { reads: 0, writes: 0, loads: 0, stale: 0 } satisfies Totals
  const load = (id: number): Promise<Row> => {
    if (id !== 0) totals.loads++
    return source.read(id)
  }
  await using stack = new AsyncDisposableStack()
  const open = await arm.open({ memory: scenario.memory, redisUrl, load })
  stack.defer(async () => void (await open.close()))
  await prepare(open, source, preparation)

  const versions = new Versions()
  const { isAnswer } = QUERIES[scenario.query]
  const read = async (id: number): Promise<void> => {
    totals.reads++
    const least = versions.least(id)
    const row = await open.read(id)
    if (row.id !== id || !isAnswer(id, row)) throw new Error(`answered wrong for ${id}`)
    if (row.version >= least) return
    if (arm.isCoherent) throw new Error(`answered version ${row.version} of ${id} after version ${least} was invalidated`)
    totals.stale++
  }
  const write = async (id: number): Promise<void> => {
    totals.writes++
    const version = await source.write(id)
    await open.invalidate(id)
    versions.done(id, version)
  }

  const measured = windowsOf(scenario).map((window) => new Measured(window))
  const requests = new Requests()
  const clock = stack.use(new Alarm())
  // Its thread is up when it has rung once.
  await clock.at(clock.now())
  const start = clock.now()
  const request = async (index: number): Promise<void> => {
    const isWrite = schedule.writes[index] === 1
    await (isWrite ? write : read)(schedule.ids[index]!)
    const answered = clock.now() - start
    for (const each of measured) each.record(isWrite, schedule.times[index]!, answered)
  }
  await openLoop(schedule.times, start, (index) => requests.add(request(index)), clock)
  await requests.drain()
  assertLoads(loadRule(arm.isCache, schedule, scenario.keys.kind === 'once'), totals.loads)
  return measured.map((each, index) => ({ arm: arm.name, ...each.row(), ...(index === 0 && { totals }) }))
}

async function prepare(arm: OpenArm, source: Source, ms: number): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, () => source.read(0)))
  const end = performance.now() + ms
  while (performance.now() < end) {
    await arm.read(0)
    await arm.read(0)
    await arm.invalidate(0)
  }
}
