import { startRedis } from 'test-support'
import { distribution, DISTRIBUTION, percentile } from '../distribution.ts'
import { monotonic } from '../../src/process/monotonic.ts'
import { startPeers } from '../../src/process/peers.ts'
import type { Section } from '../results.ts'
import type { DelayOrders, DelayStart } from './process.ts'
import type { Course, Sent } from './sender.ts'

const PROCESSES = 8
const PER_SECOND = 1_000
/** Long enough for every process to have its order before it is due. */
const NOTICE_MS = 100

/** Milliseconds until an invalidation by one process has reached another: a sample for each pair. */
interface Delays {
  readonly sinceCalled: readonly number[]
  readonly sinceResolved: readonly number[]
  /** Of the call itself. */
  readonly answered: readonly number[]
  readonly perSecond: number
  readonly queued: number
}

/** How soon an invalidation has reached the memory of every other process. */
export async function delay(seconds = 20): Promise<Section> {
  const { sinceCalled, sinceResolved, answered, perSecond, queued } = await measure(Math.round(seconds * PER_SECOND))
  return {
    name: 'delay',
    title: 'Invalidations on their way',
    about: `${PROCESSES} processes have the same entries in memory and invalidate ${PER_SECOND.toLocaleString('en')} per second in total, each another entry, half of them by key and half by tag. Times are on CLOCK_MONOTONIC, until another process's memory does not have the entry any more. Less than 0: it was gone there before the call was answered.`,
    tables: [
      {
        title: 'All pairs of processes, ms',
        head: ['', ...DISTRIBUTION],
        rows: [
          ['since `invalidate` was called', ...distribution(sinceCalled)],
          ['since it resolved', ...distribution(sinceResolved)],
          ['the call itself', ...distribution(answered)],
        ],
      },
    ],
    targets: [
      { text: 'an invalidation has reached another process, p99 since the call', measured: percentile(sinceCalled, 0.99), rule: 'at most', limit: 5, unit: ' ms' },
      { text: 'invalidations per second', measured: Math.round(perSecond), rule: 'at least', limit: PER_SECOND * 0.95, unit: '' },
      { text: 'invalidations that were answered `queued`', measured: queued, rule: 'at most', limit: 0, unit: '' },
    ],
  }
}

async function measure(count: number): Promise<Delays> {
  await using server = await startRedis()
  await using stack = new AsyncDisposableStack()
  const start: DelayStart = { url: server.url, count }
  const peers = await startPeers<DelayOrders>(stack, new URL('process.ts', import.meta.url), Array.from({ length: PROCESSES }, () => start))
  await peers[0]!.ask('store')
  await Promise.all(peers.map((peer) => peer.ask('read')))
  const course: Omit<Course, 'first'> = { step: PROCESSES, count, at: monotonic() + NOTICE_MS, everyMs: 1_000 / PER_SECOND }
  const sent = await Promise.all(peers.map((peer, first) => peer.ask('send', { ...course, first })))
  const delays = { sinceCalled: [] as number[], sinceResolved: [] as number[] }
  for (const [from, { numbers, called, resolved }] of sent.entries()) {
    for (const receiver of peers.filter((_, index) => index !== from)) {
      const gone = await receiver.ask('gone', numbers)
      gone.forEach((time, index) => {
        delays.sinceCalled.push(time - called[index]!)
        delays.sinceResolved.push(time - resolved[index]!)
      })
    }
  }
  return {
    ...delays,
    answered: sent.flatMap(({ called, resolved }) => Array.from(resolved, (time, index) => time - called[index]!)),
    perSecond: rate(sent),
    queued: sent.reduce((sum, each) => sum + each.queued, 0),
  }
}

function rate(sent: readonly Sent[]): number {
  const called = sent.flatMap((each) => [...each.called])
  return ((called.length - 1) * 1_000) / (percentile(called, 1) - percentile(called, 0))
}
