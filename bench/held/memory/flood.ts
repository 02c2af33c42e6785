import { setTimeout as delay } from 'node:timers/promises'
import { startRedis } from 'test-support'
import { monotonic } from '../../src/process/monotonic.ts'
import { startPeers } from '../../src/process/peers.ts'
import type { MemoryOrders, MemoryStart, Sample } from './process.ts'

export const MAX_ENTRIES = 10_000
const PROCESSES = 2
/** Redis evicts as well. */
const SERVER_ARGS = ['--maxmemory', '48mb', '--maxmemory-policy', 'allkeys-lru']
const MOST_SAMPLES = 60
const FEWEST_SAMPLES = 6
const SHORTEST_INTERVAL_MS = 200
const LONGEST_OUTAGE_MS = 10_000

/** What one process has shown. */
export interface Flooded {
  readonly samples: readonly Sample[]
  readonly ending: Awaited<ReturnType<MemoryOrders['finish']>>
}

/** How often the memory in use is sampled, and when Redis is away: from one sample to another. */
export interface Plan {
  readonly intervalMs: number
  readonly samples: number
  readonly awayFrom: number
  readonly awayTo: number
}

export function planFor(seconds: number): Plan {
  const intervalMs = Math.max(SHORTEST_INTERVAL_MS, (seconds * 1_000) / MOST_SAMPLES)
  const samples = Math.max(FEWEST_SAMPLES, Math.round((seconds * 1_000) / intervalMs))
  const awayFrom = Math.floor(samples / 2)
  const away = Math.min(Math.floor(samples / FEWEST_SAMPLES), Math.round(LONGEST_OUTAGE_MS / intervalMs))
  return { intervalMs, samples, awayFrom, awayTo: awayFrom + Math.max(1, away) }
}

/** Lets ever new keys and tags go through the caches of some processes. */
export async function flood({ intervalMs, samples, awayFrom, awayTo }: Plan): Promise<Flooded[]> {
  await using server = await startRedis({ args: SERVER_ARGS })
  await using stack = new AsyncDisposableStack()
  const starts = Array.from({ length: PROCESSES }, (_, self): MemoryStart => ({ url: server.url, maxEntries: MAX_ENTRIES, self, peer: (self + 1) % PROCESSES }))
  const peers = await startPeers<MemoryOrders>(stack, new URL('process.ts', import.meta.url), starts)
  await peers[0]!.ask('fill')
  const since = monotonic()
  await Promise.all(peers.map((peer) => peer.ask('start', since)))
  const taken: Sample[][] = peers.map(() => [])
  for (let sample = 0; sample < samples; sample++) {
    if (sample === awayFrom) server.pause()
    if (sample === awayTo) server.resume()
    await delay(Math.max(0, since + (sample + 1) * intervalMs - monotonic()))
    const now = await Promise.all(peers.map((peer) => peer.ask('sample')))
    for (const [index, each] of now.entries()) taken[index]!.push(each)
  }
  const endings = await Promise.all(peers.map((peer) => peer.ask('finish')))
  return endings.map((ending, index) => ({ samples: taken[index]!, ending }))
}
