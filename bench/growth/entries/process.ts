import { nsPerOperation } from '../../src/measure.ts'
import { serve, startedWith } from '../../src/process/serve.ts'
import { seeded, shuffled } from 'test-support'
import type { Effort, TimedOrders } from '../timed-peer.ts'
import { HOLDERS } from './index.ts'

/* One holder of so many entries. They are read in an order that has nothing to do with where they lie in memory. */

export interface EntriesStart {
  readonly holder: string
  readonly entries: number
}

const { holder: name, entries } = startedWith<EntriesStart>()
const holder = HOLDERS.find((each) => each.name === name)!
const keys = shuffled(seeded(1), Array.from({ length: entries }, (_, id) => `item:${id}`))
const open = await holder.open({ keys, itemOf: (key) => ({ id: idOf(key) }) })
for (const key of keys) if (open.peek(key)?.id !== idOf(key)) throw new Error(`answered wrong for ${key}`)

const orders: TimedOrders = {
  async time({ times, samples }: Effort) {
    const ns = await nsPerOperation(open.run, times, samples)
    if (open.count() !== entries) throw new Error(`holds ${open.count()} of ${entries} entries`)
    return ns
  },
}
serve(orders, async () => {})

function idOf(key: string): number {
  return Number(key.slice('item:'.length))
}
