import type { Cell, Section } from '../results.ts'
import { flood, type Flooded, MAX_ENTRIES, type Plan, planFor } from './flood.ts'
import { trend } from './trend.ts'

const MB = 1_000_000
const DEFAULT_SECONDS = 600
const DISTINCT_KEYS = 1_000_000
/** Columns of the table that shows the heap over time. */
const MOMENTS = 12

/** Whether what a cache uses stays bounded while what goes through it is not. */
export async function heldMemory(seconds = DEFAULT_SECONDS): Promise<Section> {
  const plan = planFor(seconds)
  const flooded = await flood(plan)
  const trends = flooded.map(({ samples }) => trend(samples.map(({ heapUsed }) => heapUsed)))
  const keys = flooded.reduce((sum, { ending }) => sum + ending.flow.keys, 0)
  return {
    name: 'memory',
    title: 'Memory in use',
    about: `${flooded.length} processes, each with ${MAX_ENTRIES.toLocaleString('en')} entries in memory at most, read ever new keys with a tag of their own, and write, delete and invalidate by tag. Redis has 48 MB and evicts (allkeys-lru); halfway it is stopped for ${Math.round(((plan.awayTo - plan.awayFrom) * plan.intervalMs) / 100) / 10} s. The heap in use is sampled after a collection; the first third of the samples is warm-up.`,
    tables: [
      {
        title: 'Heap in use, MB',
        head: ['', 'median', 'last', 'last × median', 'slope per minute', 'rss', 'external'],
        rows: trends.map(({ median, last, slope }, index) => {
          const { rss, external } = flooded[index]!.samples.at(-1)!
          return [nameOf(index), median / MB, last / MB, last / median, ((slope / MB) * 60_000) / plan.intervalMs, rss / MB, external / MB]
        }),
      },
      { title: 'Heap in use over time, MB', ...overTime(flooded, plan) },
      {
        title: 'What went through',
        head: ['', 'distinct keys and tags', 'reads', 'hits', 'misses', 'loads', 'invalidations here', 'of others', 'ticks left out'],
        rows: flooded.map(({ ending: { flow, stats } }, index) => [nameOf(index), flow.keys, flow.reads, stats.requests.hit, stats.requests.miss, stats.loads.success, stats.invalidations.local, stats.invalidations.remote, flow.ticksLeftOut]),
      },
      {
        title: 'What is held at the end',
        head: ['', 'entries in memory', 'evicted', 'queued', 'queued, at most', 'loads under way', 'times out of step'],
        rows: flooded.map(({ ending: { stats, outOfStep, mostQueued } }, index) => [nameOf(index), stats.memory!.entries, stats.tiers['memory']!.evictions!.capacity, stats.queued, mostQueued, stats.loads.active, outOfStep]),
      },
    ],
    targets: [
      { text: 'heap in use at the end against the median since the warm-up, worst process', measured: Math.max(...trends.map(({ last, median }) => last / median)), rule: 'at most', limit: 1.1, unit: ' ×' },
      { text: 'entries in memory, worst process', measured: Math.max(...flooded.map(({ ending }) => ending.stats.memory!.entries)), rule: 'at most', limit: MAX_ENTRIES, unit: '' },
      { text: 'distinct keys and tags', measured: keys, rule: 'at least', limit: Math.round((DISTINCT_KEYS * seconds) / DEFAULT_SECONDS), unit: '' },
      { text: 'errors that reached a caller', measured: flooded.reduce((sum, { ending }) => sum + ending.flow.errors, 0), rule: 'at most', limit: 0, unit: '' },
    ],
  }
}

function overTime(flooded: readonly Flooded[], { samples, intervalMs }: Plan): { head: string[]; rows: Cell[][] } {
  const step = Math.ceil(samples / MOMENTS)
  const moments = Array.from({ length: samples }, (_, sample) => sample).filter((sample) => (sample + 1) % step === 0)
  return {
    head: ['', ...moments.map((sample) => `${Math.round(((sample + 1) * intervalMs) / 100) / 10} s`)],
    rows: flooded.map((each, index) => [nameOf(index), ...moments.map((sample) => each.samples[sample]!.heapUsed / MB)]),
  }
}

const nameOf = (index: number): string => `process ${index + 1}`
