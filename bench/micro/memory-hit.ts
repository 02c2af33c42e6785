import { timeInMemory } from './in-memory.ts'
import { AWAITED, MANY_AT_ONCE, SYNC, UNUSED, WAYS } from './libraries/index.ts'
import { bentocache } from './libraries/bentocache.ts'
import { collections } from './libraries/collections.ts'
import { lruFetch, lruGet } from './libraries/lru-cache.ts'
import { MANY, stratacache, stratacacheMany, stratacacheSync } from './libraries/stratacache.ts'
import { unused } from './libraries/unused.ts'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import { ratio } from '../src/timing.ts'

/** What an awaited read costs when memory has the value, and what it costs where no promise is asked for. */
export async function memoryHit(steps: Steps): Promise<Section> {
  const step = steps(5)
  step('awaited')
  const awaited = await timeInMemory(AWAITED, 1)
  step('collections and wrapped functions')
  const ways = await timeInMemory(WAYS, 1)
  step('options that are no business of a hit')
  const told = await timeInMemory(UNUSED, 1)
  step('without a promise')
  const sync = await timeInMemory(SYNC, 0)
  step('many at once')
  const many = await timeInMemory(MANY_AT_ONCE, 1, 200)
  const [plain, behind] = collections
  return {
    name: 'memory-hit',
    title: 'Memory hit',
    about:
      'All 10,000 entries are in memory. Values are handed out by reference wherever a library can be told to. All keep the entries within a bound but cache-manager, whose fastest store is a Map without one. Keys of the collections and of the wrapped function are numbers, of which each read makes the text anew. With a sample, `shadow` draws lots for every read; the options above it are not looked at.',
    tables: [
      { kind: 'timing', title: 'Awaited', unit: 'ns', baseline: lruFetch.name, timings: awaited },
      { kind: 'timing', title: 'Through a collection, or a wrapped function', unit: 'ns', baseline: stratacache.name, timings: ways },
      { kind: 'timing', title: 'With options that are not used', unit: 'ns', baseline: stratacache.name, timings: told },
      { kind: 'timing', title: 'Without a promise', unit: 'ns', baseline: lruGet.name, timings: sync },
      { kind: 'timing', title: 'Many at once', unit: 'ns', baseline: stratacache.name, timings: many },
    ],
    targets: [
      { text: 'getOrSet against lru-cache fetch: time', measured: ratio(awaited, stratacache.name, lruFetch.name), rule: 'at most', limit: 1, unit: ' ×' },
      { text: 'getOrSet against bentocache getOrSet: speed', measured: ratio(awaited, bentocache.name, stratacache.name), rule: 'at least', limit: 10, unit: ' ×' },
      { text: 'getOrSet with an option that is not used, the worst, against without: time', measured: Math.max(...unused.map(({ name }) => ratio(told, name, stratacache.name))), rule: 'at most', limit: 1.1, unit: ' ×' },
      { text: 'collection get with writeBehind and nothing queued against without: time', measured: ratio(ways, behind!.name, plain!.name), rule: 'at most', limit: 1.1, unit: ' ×' },
      { text: 'getSync against lru-cache get with ttl: time', measured: ratio(sync, stratacacheSync.name, lruGet.name), rule: 'at most', limit: 0.9, unit: ' ×' },
      { text: `getOrSetMany of ${MANY} against ${MANY} getOrSet: time`, measured: ratio(many, stratacacheMany.name, stratacache.name) / MANY, rule: 'at most', limit: 0.5, unit: ' ×' },
    ],
  }
}
