import { startProxy, startRedis } from 'test-support'
import { Peer } from '../src/process/peer.ts'
import type { LoadRow, LoadTable } from '../src/tables.ts'
import type { LoadOrders, LoadStart } from './arm-process.ts'
import type { Scenario } from './scenario.ts'
import type { Pace } from './schedule.ts'
import type { World } from './world.ts'

const ARM = new URL('arm-process.ts', import.meta.url)
const SEED = 20_260

/** Lives through a scenario with each of its arms, one after the other, with the same requests. */
export async function runScenario(scenario: Scenario, world: World, onArm: (arm: string) => void = () => {}): Promise<LoadTable> {
  const { name: title, about } = scenario
  const pace = await paceOf(scenario, world)
  const rows: LoadRow[] = []
  for (const arm of scenario.arms) {
    onArm(arm)
    rows.push(...(await runArm(arm, scenario, pace, world)))
  }
  return { kind: 'load', title, about, rows }
}

/** As fast as the scenario wants it, but no key comes twice where each is to come once. */
async function paceOf({ arrivals, keys, query, warmUp, measured }: Scenario, world: World): Promise<Pace> {
  const duration = warmUp + measured
  if (arrivals.kind === 'herds') return { perSecond: 0, duration, seed: SEED }
  const wanted = arrivals.share * (await world.capacity(query))
  const most = keys.kind === 'once' ? (0.9 * 1_000 * world.rowsOf(query)) / duration : Infinity
  return { perSecond: Math.min(wanted, most), duration, seed: SEED }
}

/** Every arm finds Redis empty, and the database as warm as the arms before it have left it. */
async function runArm(arm: string, scenario: Scenario, pace: Pace, { databaseUrl }: World): Promise<LoadRow[]> {
  await using redis = await startRedis()
  await using proxy = await startProxy(redis)
  for (const direction of ['up', 'down'] as const) proxy.delay(scenario.redisDelay / 2, direction)
  const redisUrl = scenario.redisDelay > 0 ? proxy.url : redis.url
  const start: LoadStart = { arm, scenario, pace, databaseUrl, redisUrl }
  await using peer = new Peer<LoadOrders>(ARM, start)
  await peer.opened
  try {
    return await peer.ask('run')
  } catch (cause) {
    throw new Error(`${scenario.name}, ${arm}: ${(cause as Error).message}`, { cause })
  }
}
