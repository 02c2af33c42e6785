import { setTimeout as delay } from 'node:timers/promises'
import { startRedis } from 'test-support'
import { type Outage, OUTAGES } from '../outages.ts'
import { monotonic } from '../../src/process/monotonic.ts'
import { Peer } from '../../src/process/peer.ts'
import type { KnownReport } from './known-reads.ts'
import type { AwayOrders, AwayStart } from './process.ts'
import type { ReadsReport } from '../reads/timed-reads.ts'
import type { Settings } from './settings.ts'

/** When, on the clock that all processes share, what began. */
interface Times {
  readonly before: number
  readonly away: number
  /** Memory was not served any more. */
  readonly distrusted: number
  readonly back: number
  /** Memory was served again. */
  readonly after: number
  readonly end: number
}

export interface Lived {
  readonly name: string
  readonly times: Times
  readonly known: KnownReport
  readonly misses: ReadsReport
}

export const MISS_EVERY_MS = 5

/** An outage, and how many keys the process invalidates as soon as it has begun. */
interface Life {
  readonly name: string
  readonly outage: Outage
  readonly queued: number
}

const QUEUED = 10_000
export const LIVES: readonly Life[] = [
  ...OUTAGES.map((outage) => ({ name: outage.name, outage, queued: 0 })),
  { name: `${OUTAGES[0]!.name}, ${QUEUED.toLocaleString('en')} queued`, outage: OUTAGES[0]!, queued: QUEUED },
]

/** Puts a process under load and takes Redis away from it, until well after memory has ceased to be trusted. */
export async function live({ name, outage, queued }: Life, phaseMs: number, settings: Settings): Promise<Lived> {
  await using server = await startRedis()
  const start: AwayStart = { url: server.url, settings }
  await using peer = new Peer<AwayOrders>(new URL('process.ts', import.meta.url), start)
  await peer.opened
  await peer.ask('start', MISS_EVERY_MS)
  // Until the code of reads and invalidations is compiled.
  if (queued > 0) await peer.ask('rehearse', queued)
  await delay(phaseMs)
  const before = monotonic()
  await delay(phaseMs)
  const distrust = peer.ask('distrusted')
  const away = monotonic()
  await outage.begin(server)
  if (queued > 0) await peer.ask('queue', queued)
  const distrusted = await distrust
  await delay(phaseMs)
  await outage.end(server)
  const back = monotonic()
  const after = await peer.ask('recovered')
  await delay(phaseMs)
  const end = monotonic()
  return { name, times: { before, away, distrusted, back, after, end }, ...(await peer.ask('finish')) }
}
