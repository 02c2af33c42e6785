import { setTimeout as delay } from 'node:timers/promises'
import { createCache, memory, type WriteResult } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { until } from 'test-support'
import { serve, startedWith } from '../../src/process/serve.ts'
import { isTag, nameOf } from './names.ts'
import { Receiver } from './receiver.ts'
import { type Course, invalidateAll } from './sender.ts'

/* One of the processes: it invalidates some of the entries that all have in memory, and notes when it loses the others. */

export interface DelayStart {
  readonly url: string
  /** Entries. */
  readonly count: number
}

const CHUNK = 1_000

const { url, count } = startedWith<DelayStart>()
const cache = createCache({ name: 'delay', tiers: [memory({ maxEntries: count }), redis({ url })] })
await cache.ready()
const receiver = new Receiver(cache, count)

const orders = {
  /** Writes all entries; one process does. */
  async store() {
    for (const numbers of chunks()) await Promise.all(numbers.map(store))
  },
  /** Reads all entries into memory. */
  async read() {
    // Again what was not answered in time: all processes read at once.
    await until('memory to have all entries', async () => (await readMissing()) === 0 && cache.stats().inStep, { timeoutMs: 60_000 })
    receiver.start()
  },
  send: (course: Course) => invalidateAll(cache, course),
  /** When each of these entries was gone from memory, once all of them are. */
  gone: (numbers: Float64Array) => receiver.gone(numbers),
}
export type DelayOrders = typeof orders
serve(orders, () => cache.close())

/** Again while Redis is too busy with the start of all processes to answer in time. */
async function store(number: number): Promise<void> {
  const write = (): Promise<WriteResult> => cache.set(nameOf(number), number, isTag(number) ? { tags: [nameOf(number)] } : {})
  while ((await write()).status !== 'stored') await delay(10)
}

function* chunks(): Generator<number[]> {
  for (let from = 0; from < count; from += CHUNK) yield Array.from({ length: Math.min(CHUNK, count - from) }, (_, index) => from + index)
}

async function readMissing(): Promise<number> {
  let missing = 0
  for (const numbers of chunks()) {
    const names = numbers.map(nameOf).filter((name) => cache.getSync(name) === undefined)
    missing += names.length
    await cache.getMany(names)
  }
  return missing
}
