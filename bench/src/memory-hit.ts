import { Arm } from './arm.ts'
import { compare } from './compare.ts'
import { AWAITED, SYNC } from './libraries/index.ts'
import { bentocache } from './libraries/bentocache.ts'
import type { Library } from './libraries/library.ts'
import { lruFetch, lruGet } from './libraries/lru-cache.ts'
import { stratacache, stratacacheSync } from './libraries/stratacache.ts'
import type { Section } from './results.ts'
import { ratio, type Timing } from './timing.ts'
import { KEYS } from './users.ts'

const ROUNDS = 15
const TIMES = 1_000
const SAMPLES = 12

/** What an awaited read costs when memory has the value, and what it costs where no promise is asked for. */
export async function memoryHit(): Promise<Section> {
  const awaited = await time(AWAITED, 1)
  const sync = await time(SYNC, 0)
  return {
    name: 'memory-hit',
    title: 'Memory hit',
    about:
      'All 10,000 entries are in memory. Values are handed out by reference wherever a library can be told to. All keep the entries within a bound but cache-manager, whose fastest store is a Map without one.',
    tables: [
      { kind: 'timing', title: 'Awaited', unit: 'ns', baseline: lruFetch.name, timings: awaited },
      { kind: 'timing', title: 'Without a promise', unit: 'ns', baseline: lruGet.name, timings: sync },
    ],
    targets: [
      { text: 'getOrSet against lru-cache fetch: time', measured: ratio(awaited, stratacache.name, lruFetch.name), rule: 'at most', limit: 1.1, unit: ' ×' },
      { text: 'getOrSet against bentocache getOrSet: speed', measured: ratio(awaited, bentocache.name, stratacache.name), rule: 'at least', limit: 10, unit: ' ×' },
      { text: 'getSync against lru-cache get with ttl: time', measured: ratio(sync, stratacacheSync.name, lruGet.name), rule: 'at most', limit: 1.2, unit: ' ×' },
    ],
  }
}

async function time(libraries: readonly Library[], inFlight: number): Promise<Timing[]> {
  await using stack = new AsyncDisposableStack()
  const arms: Arm[] = []
  for (const { name } of libraries) {
    const arm = stack.use(await Arm.start({ library: name, entries: KEYS.length }))
    await arm.verify(1)
    await arm.verify(1)
    arms.push(arm)
  }
  const timings = await compare(arms, ROUNDS, { inFlight, times: TIMES, samples: SAMPLES })
  for (const arm of arms) await arm.verify(1)
  return timings
}
