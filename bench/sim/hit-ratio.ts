import type { PolicyName } from '@stratacache/core'
import type { Section } from '../src/results.ts'
import type { HitRatioRow } from '../src/tables.ts'
import { optimum } from './optimum.ts'
import { hitsOf } from './replay.ts'
import { recorded } from './traces.ts'
import { generated, type Workload } from './workloads.ts'

const POLICIES: readonly PolicyName[] = ['lru', 'sieve', 's3fifo', 'tinylfu', 'adaptive']
const SINGLE = POLICIES.filter((name) => name !== 'adaptive')
/** Of the different keys. */
const SHARES = [0.01, 0.05, 0.1, 0.25]

/** How many of the requests the policies of the memory tier answer. */
export async function hitRatio(): Promise<Section> {
  const [traces, workloads] = [recorded(), generated()]
  const [onTraces, onWorkloads] = [traces.flatMap(rowsOf), workloads.flatMap(rowsOf)]
  const judged = onTraces.length > 0 ? onTraces : onWorkloads
  const bestOfAll = Math.max(...SINGLE.map((name) => mean(judged, name)))
  const all = [...onTraces, ...onWorkloads]
  return {
    name: 'hit-ratio',
    title: 'Hit ratio of the eviction policies',
    about: `How many of the requests would be hits, with a capacity of ${SHARES.map((share) => `${share * 100}`).join(', ')} % of the different keys. The optimum knows the future (Belady). Generated: ${workloads.map(({ name, about }) => `${name} (${about})`).join('; ')}. Recorded traces are used where they lie beside the project.`,
    tables: [
      ...(onTraces.length > 0 ? [{ kind: 'hitRatio', title: 'Recorded', policies: POLICIES, rows: onTraces } as const] : []),
      { kind: 'hitRatio', title: 'Generated', policies: POLICIES, rows: onWorkloads },
    ],
    targets: [
      { text: `adaptive, mean of the ${onTraces.length > 0 ? 'recorded' : 'generated'}, above the best single policy`, measured: 100 * (mean(judged, 'adaptive') - bestOfAll), rule: 'at least', limit: 0.5, unit: ' points' },
      { text: 'adaptive against LRU, worst case', measured: 100 * worst(all, ({ ratios }) => ratios['lru']!), rule: 'at least', limit: -0.5, unit: ' points' },
      { text: 'adaptive against the best of each case, worst case', measured: 100 * worst(all, ({ ratios }) => Math.max(...SINGLE.map((name) => ratios[name]!))), rule: 'at least', limit: -2, unit: ' points' },
    ],
  }
}

function rowsOf(workload: Workload): HitRatioRow[] {
  const { name, requests, keys } = workload
  return SHARES.map((share) => {
    const capacity = Math.round(keys * share)
    const ratios = Object.fromEntries(POLICIES.map((policy) => [policy, hitsOf(policy, workload, capacity) / requests.length]))
    return { workload: name, capacity, ratios, optimum: optimum(workload, capacity) / requests.length }
  })
}

const mean = (rows: readonly HitRatioRow[], policy: PolicyName): number => rows.reduce((sum, { ratios }) => sum + ratios[policy]!, 0) / rows.length

const worst = (rows: readonly HitRatioRow[], other: (row: HitRatioRow) => number): number => Math.min(...rows.map((row) => row.ratios['adaptive']! - other(row)))
