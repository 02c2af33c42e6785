/** The same traffic against the database alone, and through the cache. */

import { now } from '../clock.ts'
import { type Figures, between, memoryHitRatio, redisHitRatio } from '../figures.ts'
import type { Measured } from '../meter.ts'
import { load, ms, percent } from '../report.ts'
import { type Note, type Stage, claimInStep, claimNoFailure, figures, flow } from './stage.ts'

const WITHOUT = { settleMs: 1_000, measureMs: 5_000 }
const WITH = { settleMs: 12_000, measureMs: 6_000 }

export interface Throughput {
  measured: Measured
  figures: Figures
}

export async function withoutCache(stage: Stage): Promise<Throughput> {
  stage.report.heading('Without the cache: every request is a query')
  for (const server of [stage.a, stage.b]) server.bypassCache(true)
  const result = await throughput(stage, WITHOUT, () => '')
  for (const server of [stage.a, stage.b]) server.bypassCache(false)
  stage.report.line(load(result.measured))
  claimNoFailure(stage, 'without the cache', result.measured)
  return result
}

export async function withCache(stage: Stage, without: Throughput): Promise<Throughput> {
  const { report, claims } = stage
  const startedAt = now()
  report.heading('With the cache: memory in each process, Redis between them')
  const result = await throughput(stage, WITH, await tierNote(stage))
  const { measured, figures: counted } = result
  report.line(`${load(measured)}   ${tiersOf(result)}`)

  claimNoFailure(stage, 'with the cache', measured)
  const gain = measured.perSecond / without.measured.perSecond
  claims.check('more requests are answered per second', gain > 1, `${gain.toFixed(1)} times as many`)
  claims.check(
    'half of the requests are answered sooner',
    measured.p50Ms < without.measured.p50Ms,
    `p50 ${ms(measured.p50Ms)} instead of ${ms(without.measured.p50Ms)}`,
  )
  claims.check(
    'both tiers answer',
    counted.memoryHits > 0 && counted.redisHits > 0,
    `memory ${percent(memoryHitRatio(counted))} of what it is asked, Redis ${percent(redisHitRatio(counted))}`,
  )
  const saved = queriesSaved(result)
  claims.check('the cache saves most of the queries', saved > 0.5, `${percent(saved)} of them`)

  claimInStep(stage, 'with the cache', startedAt)
  return result
}

/** Each request would be a query: the share of those that were not made. */
export const queriesSaved = ({ measured, figures }: Throughput): number =>
  1 - figures.databaseQueries / measured.requests

function tiersOf(throughput: Throughput): string {
  const { figures } = throughput
  const ratios = [memoryHitRatio(figures), redisHitRatio(figures), queriesSaved(throughput)].map(percent)
  return `memory ${ratios[0]}  Redis ${ratios[1]}  saved ${ratios[2]}`
}

/** Tells of each second what the tiers answered in it. */
async function tierNote(stage: Stage): Promise<Note> {
  let last = await figures(stage)
  return async (measured) => {
    const before = last
    last = await figures(stage)
    return tiersOf({ measured, figures: between(before, last) })
  }
}

async function throughput(stage: Stage, { settleMs, measureMs }: typeof WITH, note: Note): Promise<Throughput> {
  const { traffic } = stage
  traffic.start()
  await flow(stage, settleMs, note)
  const before = await figures(stage)
  traffic.lap()
  await flow(stage, measureMs, note)
  const measured = traffic.lap()
  const after = await figures(stage)
  await traffic.stop()
  return { measured, figures: between(before, after) }
}
