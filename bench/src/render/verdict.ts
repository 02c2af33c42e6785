import type { LoadRow, LoadTable } from '../tables.ts'
import { number } from './markdown.ts'

/** Less than this part is not told apart from chance. */
const NOTABLE = 0.1

const BASELINE = 'no cache'
const OURS = 'stratacache'

/** Whether the cache helps or costs, in a sentence that says by how much. */
export function verdict({ rows }: LoadTable): string {
  const [without, cached] = [rowOf(rows, BASELINE), rowOf(rows, OURS)]
  const changes = [cached.p50 / without.p50, cached.p99 / without.p99]
  const isLess = changes.some((change) => change < 1 - NOTABLE)
  const isMore = changes.some((change) => change > 1 + NOTABLE)
  const word = isLess && isMore ? 'helps some reads and costs others' : isLess ? 'helps' : isMore ? 'costs' : 'makes no difference'
  const saved = 1 - cached.totals!.loads / without.totals!.loads
  const source = saved > 0 ? `the source is spared ${percent(saved)} of the reads` : 'the source is spared nothing'
  return `The cache ${word}: the median is ${number(cached.p50)} ms instead of ${number(without.p50)}, p99 ${number(cached.p99)} ms instead of ${number(without.p99)}, and ${source}.`
}

const percent = (share: number): string => `${(100 * share).toFixed(share > 0.99 ? 2 : 0)} %`

/** The first row of an arm. */
function rowOf(rows: readonly LoadRow[], arm: string): LoadRow {
  const found = rows.find((row) => row.arm === arm)
  if (found === undefined) throw new Error(`no arm is called ${arm}`)
  return found
}
