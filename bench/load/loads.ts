import type { Schedule } from './schedule.ts'

/** How often a source may be asked, in words and numbers. */
export interface LoadRule {
  readonly rule: 'exactly' | 'at most'
  readonly loads: number
}

/**
 * Without a cache every read asks the source. A cache may ask once for each key, and again after each change; where no
 * key is changed and none comes twice but at the same instant, it has to ask exactly once for each.
 */
export function loadRule(isCache: boolean, { ids, writes }: Schedule, isOnce: boolean): LoadRule {
  const changes = writes.reduce((sum, write) => sum + write, 0)
  const reads = ids.length - changes
  if (!isCache) return { rule: 'exactly', loads: reads }
  const keys = new Set(ids.filter((_, index) => writes[index] === 0)).size
  return isOnce && changes === 0 ? { rule: 'exactly', loads: keys } : { rule: 'at most', loads: keys + changes }
}

export function assertLoads({ rule, loads: allowed }: LoadRule, loads: number): void {
  const holds = rule === 'exactly' ? loads === allowed : loads <= allowed
  if (!holds) throw new Error(`the source was asked ${loads} times instead of ${rule} ${allowed}`)
}
