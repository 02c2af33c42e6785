import { startProxy, startRedis } from 'test-support'
import { startPeers } from '../../src/process/peers.ts'
import type { MatrixTable } from '../../src/tables.ts'
import type { Changes, WriterOrders, WriterStart } from './process.ts'
import { WRITER_PROCESS } from './write-times.ts'
import { COUNTED } from './writers.ts'

/** Long enough for what is asked together to be on its way before the first reply cuts it in two. */
const REPLY_MS = 2

const casesOf = (changes: number, fewKeys: number): readonly (Changes & { readonly name: string })[] => [
  { name: 'one in flight', changes, keys: changes, inFlight: 1 },
  { name: '64 in flight', changes, keys: changes, inFlight: 64 },
  { name: `64 in flight, of ${fewKeys} keys`, changes, keys: fewKeys, inFlight: 64 },
]

/** How many calls of the source, and how many round trips to Redis, a change needs until the source has it. */
export async function countWrites(changes: number, fewKeys: number): Promise<MatrixTable> {
  const cases = casesOf(changes, fewKeys)
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startRedis())
  const proxy = stack.use(await startProxy(server))
  proxy.delay(REPLY_MS)
  const rows: MatrixTable['rows'][number][] = []
  for (const [database, { name }] of COUNTED.entries()) {
    await using alone = new AsyncDisposableStack()
    const start: WriterStart = { arm: name, isCounted: true, redisUrl: `${proxy.url}/${database}`, folder: '' }
    const [peer] = await startPeers<WriterOrders>(alone, WRITER_PROCESS, [start])
    const values: number[] = []
    for (const each of cases) {
      proxy.stats.reset()
      const calls = await peer!.ask('count', { changes, keys: each.keys, inFlight: each.inFlight })
      values.push(calls / changes, proxy.stats.roundTrips / changes)
    }
    rows.push({ name, values })
  }
  const columns = cases.flatMap(({ name }) => [`source calls, ${name}`, `round trips, ${name}`])
  return { kind: 'matrix', title: `What each of ${changes} changes needs, memory and Redis`, columns, rows }
}
