/** What the whole run came to. */

import { memoryHitRatio, redisHitRatio } from '../figures.ts'
import { longestMs } from '../ledger.ts'
import { type Report, count, ms, percent, seconds } from '../report.ts'
import type { Return } from './redis-back.ts'
import type { Outage } from './redis-stopped.ts'
import type { Stage } from './stage.ts'
import { type Throughput, queriesSaved } from './throughput.ts'
import type { Updates } from './update.ts'

export interface Results {
  without: Throughput
  cached: Throughput
  updates: Updates
  outage: Outage
  back: Return
}

export function summarize({ report, claims }: Stage, { without, cached, updates, outage, back }: Results): void {
  report.heading('Summary')
  report.table([
    ['', 'without', 'with the cache'],
    ['requests/s', count(without.measured.perSecond), count(cached.measured.perSecond)],
    ['p50', ms(without.measured.p50Ms), ms(cached.measured.p50Ms)],
    ['p99', ms(without.measured.p99Ms), ms(cached.measured.p99Ms)],
    ['requests', count(without.measured.requests), count(cached.measured.requests)],
    ['database queries', count(without.figures.databaseQueries), count(cached.figures.databaseQueries)],
    ['queries saved', '', percent(queriesSaved(cached))],
    ['hit ratio of memory', '', percent(memoryHitRatio(cached.figures))],
    ['hit ratio of Redis', '', percent(redisHitRatio(cached.figures))],
  ])

  report.heading('An update through A')
  report.table([
    ['', 'p50', 'p99'],
    ["in B's next answer, after A's answer", ms(updates.nextRead.p50Ms), ms(updates.nextRead.p99Ms)],
    ["out of B's memory, after A was asked", ms(updates.heard.p50Ms), ms(updates.heard.p99Ms)],
  ])

  staleByPolicy(report, outage, back)

  report.heading('Claims')
  for (const claim of claims.all) report.claim(claim)
}

function staleByPolicy(report: Report, { measured, trusting, alone, behind }: Outage, back: Return): void {
  const line = (answers: number, what: string) => report.line(`${count(answers).padStart(8)}  ${what}`)
  report.heading(
    `Redis away: ${count(measured.requests)} requests, ${count(measured.failed)} failed; stale by policy were`,
  )
  line(trusting.memoryHits, 'answers from memory nobody could vouch for (maxUnsynced)')
  line(alone.memoryHits, 'answers from memory after that, a second old at most (unsyncedTtl)')
  line(trusting.staleWhileRevalidate + alone.staleWhileRevalidate, 'of these past their ttl (staleWhileRevalidate)')
  line(trusting.staleIfError + alone.staleIfError, 'of these for want of an answer of the database (staleIfError)')
  line(behind.length, `of these really out of date, by ${seconds(longestMs(behind))} at most`)
  line(back.behindUntilInStep.length, 'more out of date while Redis was back and not yet told what had been queued')
}
