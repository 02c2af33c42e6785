import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { until } from 'test-support'
import { monotonic } from '../../src/process/monotonic.ts'
import { serve, startedWith } from '../../src/process/serve.ts'
import { isTag, nameText, STORED, storedNames } from './names.ts'
import { Queue } from './queue.ts'
import { Witness } from './witness.ts'

/* One of the processes that invalidate while Redis is away, or that only hears of it. */

export interface BackStart {
  readonly url: string
  /** Of this process, from 0; from `queuers` on they invalidate nothing. */
  readonly index: number
  readonly queuers: number
}

const { url, index, queuers } = startedWith<BackStart>()
const NAMES = storedNames(queuers)
const cache = createCache({ name: 'back', tiers: [memory({ maxEntries: 2 * NAMES.length }), redis({ url })] })
await cache.ready()
const witness = new Witness(cache)
const queue = index < queuers ? new Queue(cache, index) : undefined
let loads = 0

const inMemory = (): number => NAMES.filter((name) => cache.getSync(nameText(name)) !== undefined).length

async function read(value: string): Promise<void> {
  const load = (): string => {
    loads++
    return value
  }
  const values = await Promise.all(NAMES.map((name) => cache.getOrSet(nameText(name), load, isTag(name) ? { tags: [nameText(name)] } : {})))
  if (values.some((each) => each !== value)) throw new Error(`process ${index} answered something else than ${value}`)
}

const orders = {
  /** Reads all entries, until memory has them. */
  async fill(value: string) {
    await until('memory to have all entries', async () => {
      await read(value)
      return inMemory() === NAMES.length
    })
    witness.forget()
  },
  /** Invalidates this process's entries, until all of that is queued. */
  async queue() {
    await queue?.fill(STORED)
  },
  /** Goes on to invalidate while anything is queued. Resolves when this process is in step and has nothing old: says when, and how much it invalidated. */
  async settled() {
    queue?.goOn()
    const isSettled = async (): Promise<boolean> => cache.stats().inStep && cache.stats().queued === 0 && witness.hasSeen(NAMES, index) && inMemory() === 0
    await until('this process to be in step', isSettled, { timeoutMs: 30_000, everyMs: 1 })
    const time = monotonic()
    return { time, invalidated: (await queue?.end()) ?? 0 }
  },
  /** Reads all entries, which must be loaded anew by somebody. Says how many were loaded here. */
  async read(value: string) {
    loads = 0
    await read(value)
    return loads
  },
  /** What others have invalidated since the last fill, record by record: so many names each. */
  async heard(counts: readonly number[]) {
    const names = counts.flatMap((count, process) => Array.from({ length: count }, (_, number) => ({ process, number })))
    await until('the log to bring everything', async () => witness.hasSeen(names, index))
    return witness.records
  },
}
export type BackOrders = typeof orders
serve(orders, () => cache.close())
