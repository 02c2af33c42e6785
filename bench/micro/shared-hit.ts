import { startRedis } from 'test-support'
import { Arm } from './arm.ts'
import { compare } from '../src/compare.ts'
import { ioredisGet } from './libraries/clients.ts'
import { SHARED } from './libraries/index.ts'
import { stratacache } from './libraries/stratacache.ts'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import { ratio } from '../src/timing.ts'

const ROUNDS = 7
/** More of them: how long the system takes to wake a process changes with where it runs. */
const ROUNDS_OF_ONE = 15
const MANY = 64

/** What a read costs when only Redis has the value. Every arm has a database of its own on one server. */
export async function sharedHit(steps: Steps): Promise<Section> {
  const step = steps(2)
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const arms: Arm[] = []
  for (const [database, { name }] of SHARED.entries()) {
    const arm = stack.use(await Arm.start({ library: name, entries: 0, url: `${server.url}/${database}` }))
    await arm.verify(MANY)
    await arm.verify(MANY)
    arms.push(arm)
  }
  step(`${MANY} in flight`)
  const many = await compare(arms, ROUNDS, { inFlight: MANY, times: 100 * MANY, samples: 15 })
  step('one in flight')
  const one = await compare(arms, ROUNDS_OF_ONE, { inFlight: 1, times: 250, samples: 6 })
  for (const arm of arms) await arm.verify(MANY)
  const baseline = ioredisGet.name
  return {
    name: 'shared-hit',
    title: 'Shared hit',
    about:
      'All 10,000 entries are in Redis and none in memory (cacheable cannot do without: one entry). Redis runs on the same machine, so a round trip costs little and it is the client side that is compared.',
    tables: [
      { kind: 'timing', title: `${MANY} reads in flight`, unit: 'µs', baseline, timings: many },
      { kind: 'timing', title: 'One read in flight', unit: 'µs', baseline, timings: one },
    ],
    targets: [
      { text: `throughput of ioredis GET + JSON.parse, ${MANY} in flight`, measured: ratio(many, baseline, stratacache.name), rule: 'at least', limit: 2.5, unit: ' ×' },
      { text: 'latency of ioredis GET + JSON.parse, one in flight', measured: ratio(one, stratacache.name, baseline), rule: 'at most', limit: 1.15, unit: ' ×' },
    ],
  }
}
