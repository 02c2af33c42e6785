import type { Name } from './names.ts'

/**
 * Whether each process's names came for the first time in the order of their numbers. Those of one record are
 * invalidated at once, so it is only between records that there is an order.
 */
export function isInOrder(records: readonly (readonly Name[])[]): boolean {
  const newest = new Map<number, number>()
  const seen = new Set<string>()
  for (const record of records) {
    const fresh = record.filter(({ process, number }) => !seen.has(`${process}:${number}`))
    if (fresh.some(({ process, number }) => number < (newest.get(process) ?? -1))) return false
    for (const { process, number } of fresh) {
      seen.add(`${process}:${number}`)
      newest.set(process, Math.max(number, newest.get(process) ?? -1))
    }
  }
  return true
}
