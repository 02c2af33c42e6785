import { timeInMemory } from './in-memory.ts'
import { SETS } from './libraries/index.ts'
import { lruSet, stratacacheSet } from './libraries/sets.ts'
import type { Section } from '../src/results.ts'
import { ratio } from '../src/timing.ts'

/** What it costs to store an entry that takes the place of another. */
export async function set(): Promise<Section> {
  const timings = await timeInMemory(SETS, 1)
  return {
    name: 'set',
    title: 'Set',
    about: 'Memory is full with 10,000 entries, and each set of one more gives one up. All are awaited, as stratacache has to be: its set answers with a promise, because a tier behind memory may have to be told.',
    tables: [{ kind: 'timing', title: 'Each gives up an entry', unit: 'ns', baseline: lruSet.name, timings }],
    targets: [{ text: 'set against lru-cache set with ttl, each giving up an entry: time', measured: ratio(timings, stratacacheSet.name, lruSet.name), rule: 'at most', limit: 1.2, unit: ' ×' }],
  }
}
