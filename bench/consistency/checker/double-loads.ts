import { EVERYTHING, groupOf, Kind, type Line, Loading } from '../history/line.ts'
import { groupOfKey, isSetKey } from '../world/rows.ts'
import { TTL_MS } from '../subjects/subject.ts'
import type { Trial, Violation } from './judged.ts'

/** Entries end this much earlier at most: jitter, and the time until an entry is stored. */
const SHORTEST_LIFE_MS = TTL_MS * 0.85
/** Until every tag has its first record, a fill may be refused that need not have been. */
const SETTLED_MS = 2_000
const LONGEST_LOAD_MS = 4_500
/** Loads that take longer are not waited for. */
const PATIENCE_MS = 1_500

/** G3, where nothing is broken on purpose: a key is loaded once until it is invalidated or ends. */
export function doubleLoads({ lines, windows }: Trial): Violation[] {
  if (windows.length > 0) return []
  const loads = new Map<number, Line[]>()
  const changes = new Map<number, Line[]>()
  const wide: Line[] = []
  const append = (map: Map<number, Line[]>, line: Line): void => void (map.get(line.key)?.push(line) ?? map.set(line.key, [line]))
  for (const line of lines) {
    if (line.kind === Kind.load) append(loads, line)
    else if (line.kind === Kind.invalidation && (line.key === EVERYTHING || groupOf(line.key) !== undefined)) wide.push(line)
    else if (line.kind !== Kind.read && line.kind !== Kind.mark) append(changes, line)
  }
  const violations: Violation[] = []
  const settled = lines.reduce((first, line) => Math.min(first, line.begin), Infinity) + SETTLED_MS * 1e3
  for (const [key, own] of loads) {
    const relevant = [...(changes.get(key) ?? []), ...wide.filter((line) => line.key === EVERYTHING || (!isSetKey(key) && groupOf(line.key) === groupOfKey(key)))]
    const inOrder = own.toSorted((a, b) => a.begin - b.begin)
    for (let i = 1; i < inOrder.length; i++) {
      const [first, second] = [inOrder[i - 1]!, inOrder[i]!]
      if (first.flag !== Loading.ok || second.flag !== Loading.ok || first.end - first.begin > PATIENCE_MS * 1e3 || first.begin < settled) continue
      if (second.begin > first.end + SHORTEST_LIFE_MS * 1e3) continue
      // A load that was overtaken earlier may have kept others waiting until now.
      const isExplained = relevant.some(({ begin, end }) => end >= first.begin - LONGEST_LOAD_MS * 1e3 && begin <= second.begin)
      if (!isExplained) violations.push({ rule: 'loaded twice', line: second, against: first })
    }
  }
  return violations
}
