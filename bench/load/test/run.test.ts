import { startRedis } from 'test-support'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Arm } from '../arms/arm.ts'
import { armOf } from '../arms/index.ts'
import { run } from '../run.ts'
import { runScenario } from '../run-scenario.ts'
import type { Scenario } from '../scenario.ts'
import { SCENARIOS } from '../scenarios.ts'
import { draw } from '../schedule.ts'
import { Database, type Source } from '../source/database.ts'
import { World } from '../world.ts'

const PER_SECOND = 1_500
const ROWS = 20

let world: World
beforeAll(async () => {
  world = await World.start({ products: 300, documents: ROWS }, 20)
})
afterAll(() => world[Symbol.asyncDispose]())

/** A fiftieth of the scenario. */
function tiny(scenario: Scenario): Scenario {
  const { keys, measured, memory } = scenario
  return { ...scenario, warmUp: 0, measured: measured / 50, memory: Math.min(memory, ROWS / 2), keys: keys.kind === 'zipf' ? { ...keys, count: ROWS } : keys }
}

const named = (name: string): Scenario => tiny(SCENARIOS.find((scenario) => scenario.name === name)!)

async function live(scenario: Scenario, arm: Arm, alter: (source: Source) => Source = (source) => source) {
  await using redis = await startRedis()
  await using database = new Database(world.databaseUrl, scenario.query)
  const schedule = draw(scenario, { perSecond: PER_SECOND, duration: scenario.measured, seed: 1 })
  return { schedule, rows: await run({ scenario, schedule, arm, source: alter(database), redisUrl: redis.url, preparation: 1 }) }
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, tiny(scenario)] as const))('%s', (_, scenario) => {
  it.each(scenario.arms)('with %s holds what is asserted', async (arm) => {
    const { schedule, rows } = await live(scenario, armOf(arm))
    const { reads, writes } = rows[0]!.totals!
    expect(reads + writes).toBe(schedule.ids.length)
    expect(writes).toBe(schedule.writes.reduce((sum, write) => sum + write, 0))
    expect(rows.map(({ of }) => of)).toContain('reads')
  })
})

it('every arm has a process of its own, and the same requests', async () => {
  const { rows } = await runScenario({ ...named('Redis 5 ms away'), arms: ['no cache', 'stratacache'] }, world)
  const [without, cached] = rows.map((row) => row.totals!)
  expect(rows.map(({ arm }) => arm)).toEqual(['no cache', 'stratacache'])
  expect(cached!.reads).toBe(without!.reads)
  expect(cached!.loads).toBeLessThanOrEqual(ROWS)
})

/** Long enough for changes to be done before the last reads begin. */
const CHANGING: Scenario = { ...named('write-heavy'), measured: 400 }

/** Says that it has changed a row, and has not. */
const unchanged = (source: Source): Source => ({ read: (id) => source.read(id), write: async () => 1_000_000 })

describe('fails', () => {
  it('when the source answers with another row', async () => {
    const another = (source: Source): Source => ({
      read: async (id) => (id === 3 ? { ...(await source.read(id)), id: 4 } : source.read(id)),
      write: (id) => source.write(id),
    })
    await expect(live(named('popular reads'), armOf('stratacache'), another)).rejects.toThrow('answered wrong for 3')
  })

  it('when the source answers with half a row', async () => {
    const half = (source: Source): Source => ({
      read: async (id) => (id === 3 ? { id, name: 'Product 3', version: 0 } : source.read(id)),
      write: (id) => source.write(id),
    })
    await expect(live(named('no reuse'), armOf('no cache'), half)).rejects.toThrow('answered wrong for 3')
  })

  it('when a row is loaded twice', async () => {
    const twice: Arm = {
      ...armOf('no cache'),
      open: async ({ load }) => ({ read: async (id) => load(id).then(() => load(id)), invalidate: async () => {}, close: async () => {} }),
    }
    await expect(live(named('no reuse'), twice)).rejects.toThrow(/asked \d+ times instead of exactly \d+/)
    await expect(live(named('thundering herd'), { ...twice, isCache: true })).rejects.toThrow(/asked \d+ times instead of exactly/)
  })

  it('when an answer is older than a change that was invalidated before', async () => {
    await expect(live(CHANGING, armOf('stratacache'), unchanged)).rejects.toThrow(/answered version \d+ of \d+ after version 1000000 was invalidated/)
  })

  it('not when an arm does not promise that: it is counted', async () => {
    const { rows } = await live(CHANGING, { ...armOf('no cache'), isCoherent: false }, unchanged)
    expect(rows[0]!.totals!.stale).toBeGreaterThan(0)
  })

  it('when the source fails', async () => {
    const failing = (source: Source): Source => ({
      read: (id) => (id === 3 ? Promise.reject(new Error('no connection')) : source.read(id)),
      write: (id) => source.write(id),
    })
    await expect(live(named('popular reads'), armOf('stratacache'), failing)).rejects.toThrow('no connection')
  })
})
