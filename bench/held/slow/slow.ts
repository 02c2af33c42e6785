import { setTimeout as delay } from 'node:timers/promises'
import { startProxy, startRedis } from 'test-support'
import type { Target } from '../../src/target.ts'
import { distribution, DISTRIBUTION, percentile } from '../distribution.ts'
import { Peer } from '../../src/process/peer.ts'
import { LOAD_MS } from '../reads/source.ts'
import type { ReadsReport } from '../reads/timed-reads.ts'
import type { Cell, Section } from '../results.ts'
import type { SlowOrders, SlowStart } from './process.ts'

/** The first has targets. With the second a read takes less than `commandTimeout` (500 ms), a miss asks twice. */
const DELAYS_MS = [200, 400] as const
const COMMAND_TIMEOUT_MS = 500
const EVERY_MS = 10
const LIMIT_MS = COMMAND_TIMEOUT_MS + LOAD_MS

interface Slowness {
  readonly delayMs: number
  readonly sharedHits: ReadsReport
  readonly misses: ReadsReport
}

/** What reads cost when every answer of Redis is late. */
export async function slow(seconds = 20): Promise<Section> {
  const runs: Slowness[] = []
  for (const delayMs of DELAYS_MS) runs.push(await read(delayMs, (seconds * 1_000) / DELAYS_MS.length))
  const [first] = runs
  const { sharedHits, misses } = first!
  const reads = [sharedHits, misses]
  const atMost = (text: string, measured: number, limit: number, unit: string): Target => ({ text: `+${DELAYS_MS[0]} ms: ${text}`, measured, rule: 'at most', limit, unit })
  const p99 = (text: string, { ms }: ReadsReport): Target => atMost(`p99 of ${text}, at most commandTimeout + load`, percentile([...ms.values], 0.99), LIMIT_MS, ' ms')
  return {
    name: 'slow',
    title: 'Redis is slow',
    about: `From some moment on, answers of Redis take so much longer, through a proxy. Every ${EVERY_MS} ms a key is read that Redis has and memory has not, and a key that nobody has, whose load takes ${LOAD_MS} ms. A miss asks Redis twice before it loads: for the entry and for the lease. commandTimeout ${COMMAND_TIMEOUT_MS} ms.`,
    tables: [{ title: 'Reads, ms', head: ['', 'loads', ...DISTRIBUTION], rows: runs.flatMap(rows) }],
    targets: [
      p99('a read that Redis can answer', sharedHits),
      p99('a miss', misses),
      atMost('errors that reached a caller', sum(reads.map(({ errors }) => errors)), 0, ''),
      atMost('reads that were not answered', sum(reads.map(({ issued, answered }) => issued - answered)), 0, ''),
    ],
  }
}

async function read(delayMs: number, forMs: number): Promise<Slowness> {
  await using server = await startRedis()
  await using proxy = await startProxy(server)
  const start: SlowStart = { url: proxy.url, directUrl: server.url, stored: Math.ceil(forMs / EVERY_MS) }
  await using peer = new Peer<SlowOrders>(new URL('process.ts', import.meta.url), start)
  await peer.opened
  proxy.delay(delayMs)
  await peer.ask('start', EVERY_MS)
  await delay(forMs)
  const reports = await peer.ask('finish')
  const { issued, answered, errors, loads } = reports.misses
  if (loads < answered - errors || loads > issued) throw new Error(`${issued} misses took ${loads} loads`)
  return { delayMs, ...reports }
}

function rows({ delayMs, sharedHits, misses }: Slowness): Cell[][] {
  return [
    [`+${delayMs} ms: Redis has it`, sharedHits.loads, ...distribution([...sharedHits.ms.values])],
    [`+${delayMs} ms: a miss`, misses.loads, ...distribution([...misses.ms.values])],
  ]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
