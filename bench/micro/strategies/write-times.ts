import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from 'test-support'
import { compare, type Timed } from '../../src/compare.ts'
import { startPeers } from '../../src/process/peers.ts'
import type { MatrixTable } from '../../src/tables.ts'
import type { WriterOrders, WriterStart, WriterWork } from './process.ts'
import { WRITERS } from './writers.ts'

export const WRITER_PROCESS = new URL('process.ts', import.meta.url)
type Place = 'memory' | 'memory and Redis'

const PLACES: readonly Place[] = ['memory', 'memory and Redis']
const IN_FLIGHT = [1, 64]
const NS_PER_US = 1_000

/** How long a caller waits for a change to be accepted. */
export async function timeWrites(rounds: number, sourcesMs: readonly number[], step: (what: string) => void, places: readonly Place[] = PLACES): Promise<MatrixTable[]> {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startRedis())
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'strategies-')), (path) => rm(path, { recursive: true }))
  const columns: string[] = []
  const costs = sourcesMs.map(() => WRITERS.map((): number[] => []))
  for (const where of places) {
    await using group = new AsyncDisposableStack()
    const arms = await startArms(group, where === 'memory' ? undefined : server.url, folder)
    for (const inFlight of IN_FLIGHT) {
      columns.push(`${where}, ${inFlight === 1 ? 'one' : inFlight} in flight`)
      for (const [index, sourceMs] of sourcesMs.entries()) {
        step(`${columns.at(-1)}, source of ${sourceMs} ms`)
        const timings = await compare(arms, rounds, { sourceMs, inFlight })
        timings.forEach(({ ns }, row) => costs[index]![row]!.push(ns / NS_PER_US))
      }
    }
  }
  return sourcesMs.map((sourceMs, index) => ({
    kind: 'matrix',
    title: `A change, µs each: the source ${sourceMs === 0 ? 'answers at once' : `takes ${sourceMs} ms`}`,
    columns,
    rows: WRITERS.map(({ name }, row) => ({ name, values: costs[index]![row]! })),
  }))
}

/** Each has a database of its own. */
async function startArms(stack: AsyncDisposableStack, url: string | undefined, folder: string): Promise<Timed<WriterWork>[]> {
  const starts = WRITERS.map(({ name }, database): WriterStart => ({ arm: name, isCounted: false, redisUrl: url && `${url}/${database}`, folder }))
  const peers = await startPeers<WriterOrders>(stack, WRITER_PROCESS, starts)
  return peers.map((peer, index) => ({ name: WRITERS[index]!.name, time: (work) => peer.ask('time', work) }))
}
