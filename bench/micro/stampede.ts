import { Redis } from 'ioredis'
import { startRedis } from 'test-support'
import { Arm } from './arm.ts'
import { TWO_TIER } from './libraries/index.ts'
import { stratacache } from './libraries/stratacache.ts'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import type { StampedeRow } from '../src/tables.ts'
import { assertLoads, KEYS } from './users.ts'

const PROCESSES = 4
const CALLERS = 10_000
const ROUNDS = 5
/** Long enough for every process to have its order before the start. */
const NOTICE_MS = 50

/** How often the source is asked when many callers in several processes want a key that no tier has. */
export async function stampede(steps: Steps): Promise<Section> {
  const step = steps(TWO_TIER.length)
  const rows: StampedeRow[] = []
  for (const { name } of TWO_TIER) {
    step(name)
    rows.push({ name, ...(await rush(name)) })
  }
  const ours = rows.find((row) => row.name === stratacache.name)!
  for (const loads of ours.loads) assertLoads(loads, 1)
  return {
    name: 'stampede',
    title: 'Stampede',
    about: `${CALLERS.toLocaleString('en')} callers in ${PROCESSES} processes read one cold key at once; a load takes 50 ms. Every library has memory and Redis, and a new key in each round.`,
    tables: [{ kind: 'stampede', title: 'Loads', rows }],
    targets: [{ text: `loads by getOrSet over ${PROCESSES} processes, worst round`, measured: Math.max(...ours.loads), rule: 'at most', limit: 1, unit: '' }],
  }
}

async function rush(library: string): Promise<Omit<StampedeRow, 'name'>> {
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const countsUrl = `${server.url}/1`
  const counts = stack.adopt(new Redis(countsUrl), (client) => client.disconnect())
  const start = { library, entries: KEYS.length, url: server.url, countsUrl }
  const arms = await Promise.all(Array.from({ length: PROCESSES }, () => Arm.start(start)))
  for (const arm of arms) stack.use(arm)
  const row = { loads: [] as number[], ms: [] as number[] }
  for (const key of KEYS.slice(0, ROUNDS)) {
    const at = Date.now() + NOTICE_MS
    await Promise.all(arms.map((arm) => arm.rush(key, CALLERS / PROCESSES, at)))
    row.ms.push(Date.now() - at)
    const loads = Number(await counts.get(key))
    if (loads < 1 || loads > CALLERS) throw new Error(`${library} loaded ${loads} times`)
    row.loads.push(loads)
  }
  return row
}
