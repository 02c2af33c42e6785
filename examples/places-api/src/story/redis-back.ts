/** Redis comes back with old data: what was queued reaches it and the other process, and both are in step again. */

import { city as cityFrom, stats } from '../client.ts'
import { now } from '../clock.ts'
import { type Coherence, coherenceOf } from '../figures.ts'
import type { Behind } from '../ledger.ts'
import { count, load, seconds } from '../report.ts'
import { type Stage, claimInStep, claimNoFailure, flow } from './stage.ts'
import { tell } from './telling.ts'

const AFTER_MS = 3_000
const BACK_WITHIN_MS = 8_000

export interface Return {
  /** Answers out of date while Redis was back, and did not know yet what had been queued. */
  behindUntilInStep: Behind[]
}

/** Goes on with the traffic of `redisStopped`, and ends it. */
export async function redisBack(stage: Stage): Promise<Return> {
  const { redis, traffic, ledger, report, claims } = stage
  report.heading('Redis comes back, with everything that it had')
  const away = await coherence(stage)
  const startedAt = now()
  using telling = tell(stage, startedAt)
  await redis.restart()
  telling.say('Redis is up')
  const [inStepAt] = await Promise.all([bothInStep(stage, away, startedAt), flow(stage, AFTER_MS, () => 'with Redis')])
  const measured = traffic.lap()
  await traffic.stop()
  report.line(load(measured))

  claimNoFailure(stage, 'while Redis came back', measured)
  const back = await coherence(stage)
  claims.check(
    'the queued invalidations are replayed',
    away.a.queued > 0 && back.a.queued === 0 && back.b.queued === 0,
    `A had queued ${count(away.a.queued)} and B ${count(away.b.queued)}, left are ${back.a.queued + back.b.queued}`,
  )
  claims.check(
    'both processes are in step again',
    inStepAt !== undefined && back.a.inStep && back.b.inStep,
    inStepAt === undefined ? `not within ${seconds(BACK_WITHIN_MS)}` : `after ${seconds(inStepAt - startedAt)}`,
  )
  claimInStep(stage, 'back in step', inStepAt ?? now())
  await claimAgreement(stage)
  return { behindUntilInStep: ledger.behindSince(startedAt, inStepAt) }
}

interface OfBoth {
  a: Coherence
  b: Coherence
}

async function coherence({ a, b }: Stage): Promise<OfBoth> {
  const [ofA, ofB] = await Promise.all([stats(a), stats(b)])
  return { a: coherenceOf(ofA), b: coherenceOf(ofB) }
}

/** When the last of both was in step and had replayed what it had queued; undefined if one was not in time. */
async function bothInStep({ a, b }: Stage, away: OfBoth, since: number): Promise<number | undefined> {
  const times = await Promise.all([
    a.told('inStep', since, BACK_WITHIN_MS),
    b.told('inStep', since, BACK_WITHIN_MS),
    away.a.queued > 0 ? a.told('replayed', since, BACK_WITHIN_MS) : since,
    away.b.queued > 0 ? b.told('replayed', since, BACK_WITHIN_MS) : since,
  ])
  return times.reduce((last, at) => (last === undefined || at === undefined ? undefined : Math.max(last, at)))
}

/** Asks both processes for every city that was updated in this run. */
async function claimAgreement({ a, b, ledger, claims }: Stage): Promise<void> {
  let updated = 0
  let right = 0
  for (const { id, population } of ledger.latest()) {
    const answers = await Promise.all([cityFrom(a, id), cityFrom(b, id)])
    updated++
    if (answers.every((answer) => answer.population === population)) right++
  }
  claims.check(
    'both processes give the last population of every city that was updated',
    right === updated,
    `${count(right)} of ${count(updated)}`,
  )
}
