import { createCache, memory, type Tier } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { monotonic } from '../../src/process/monotonic.ts'
import { serve, startedWith } from '../../src/process/serve.ts'
import { seeded, shuffled } from 'test-support'
import { median } from '../../src/timing.ts'

/* One cache with a tag for each number of entries. */

export interface InvalidationStart {
  /** How many entries carry the tags, tag by tag. */
  readonly sizes: readonly number[]
  readonly redisUrl?: string
}

/** Nanoseconds, tag by tag. */
export interface Invalidations {
  /** Of the first time after the entries were stored. */
  readonly first: readonly number[]
  /** Of every time after that: the median. */
  readonly again: readonly number[]
}

const NS_PER_MS = 1e6
const AT_ONCE = 1_000
/** Of tags that no entry has, before each round: code is compiled. */
const WARM_UPS = 300

const { sizes, redisUrl } = startedWith<InvalidationStart>()
const total = sizes.reduce((sum, size) => sum + size, 0)
const shared: readonly Tier[] = redisUrl === undefined ? [] : [redis({ url: redisUrl })]
const cache = createCache({ tiers: [memory({ maxEntries: total }), ...shared], ttl: '1h' })
await cache.ready()
const random = seeded(1)
const groups = sizes.map((size, index) => ({ size, tag: `of-${size}`, key: (id: number): string => `${index}:${id}` }))

/** Stores all entries, invalidates each tag, checks what that did, and goes on invalidating, in ever changing order. */
async function round(repetitions: number): Promise<Invalidations> {
  for (const group of groups) await fill(group)
  globalThis.gc?.()
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await cache.invalidateTags('of-none')
  const first: number[] = []
  const order = shuffled(random, [...groups.keys()])
  for (const [turn, index] of order.entries()) {
    const { tag, key } = groups[index]!
    if ((await cache.get(key(0))) !== key(0)) throw new Error(`${key(0)} is not there`)
    first[index] = await timed(tag)
    if ((await cache.get(key(0))) !== undefined) throw new Error(`${key(0)} outlived its tag`)
    const next = groups[order[turn + 1]!]
    if (next !== undefined && (await cache.get(next.key(0))) !== next.key(0)) throw new Error(`${next.key(0)} went with a tag of others`)
  }
  const again = groups.map((): number[] => [])
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const index of shuffled(random, order)) again[index]!.push(await timed(groups[index]!.tag))
  }
  return { first, again: again.map(median) }
}

async function fill({ size, tag, key }: (typeof groups)[number]): Promise<void> {
  const options = { tags: [tag] }
  for (let from = 0; from < size; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, size - from) }, (_, id) => cache.set(key(from + id), key(from + id), options)))
  }
}

async function timed(tag: string): Promise<number> {
  const begun = monotonic()
  const { status } = await cache.invalidateTags(tag)
  const ns = (monotonic() - begun) * NS_PER_MS
  if (status !== 'applied') throw new Error(`the invalidation of ${tag} was ${status}`)
  return ns
}

const orders = { round }
export type InvalidationOrders = typeof orders
serve(orders, () => cache.close())
