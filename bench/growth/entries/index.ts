import { type Holder, lruFetch, lruGet, lruSet, mapGet, strataGetOrSet, strataGetSync, strataSet } from './holders.ts'

/** What is compared with each other. */
export interface Group {
  readonly title: string
  readonly holders: readonly Holder[]
}

export const GROUPS: readonly Group[] = [
  { title: 'Hit without a promise, by entries', holders: [mapGet, lruGet, strataGetSync] },
  { title: 'Awaited hit, by entries', holders: [lruFetch, strataGetOrSet] },
  { title: 'Set that gives an entry up, by entries', holders: [lruSet, strataSet] },
]

export const HOLDERS = GROUPS.flatMap(({ holders }) => holders)
