/** Redis is killed under traffic: nothing fails, and what is out of date is so for no longer than the policy allows. */

import { setTimeout as sleep } from 'node:timers/promises'

import { maxUnsyncedMs } from '../cache.ts'
import { city as cityFrom } from '../client.ts'
import { msSince, now } from '../clock.ts'
import type { City } from '../database.ts'
import { type Figures, between } from '../figures.ts'
import { type Behind, longestMs } from '../ledger.ts'
import type { Measured } from '../meter.ts'
import { count, ms, seconds } from '../report.ts'
import { type Stage, claimNoFailure, figures, flow } from './stage.ts'
import { type Telling, tell } from './telling.ts'
import { updateCity } from './update-city.ts'

const BEFORE_MS = 1_000
const AWAY_MS = 7_000

/** A process notices within its heartbeat that it is alone, and then trusts its memory for `maxUnsynced`. */
const HEARTBEAT_MS = 1_000
const MAX_BEHIND_MS = HEARTBEAT_MS + maxUnsyncedMs

/** The largest city of a country of this rank is asked for often, and not likely to be updated by the traffic. */
const SELDOM_UPDATED = 60

const LOOK_AGAIN_MS = 20

export interface Outage {
  measured: Measured
  /** While each process trusted its memory without hearing of invalidations. */
  trusting: Figures
  /** After that, until Redis was back. */
  alone: Figures
  behind: Behind[]
}

/** Leaves the traffic flowing. */
export async function redisStopped(stage: Stage): Promise<Outage> {
  const { redis, traffic, ledger, report, claims } = stage
  report.heading('Redis is killed, the traffic goes on')
  const city = await freshlyHeldByB(stage)
  traffic.start()
  await flow(stage, BEFORE_MS, () => 'with Redis')

  const before = await figures(stage)
  traffic.lap()
  const killedAt = now()
  using telling = tell(stage, killedAt)
  telling.say('Redis is killed')
  await redis.kill()
  const [halfway] = await Promise.all([flowWithoutRedis(stage), updateMeanwhile(stage, city, telling)])
  const measured = traffic.lap()
  const end = await figures(stage)
  const behind = ledger.behindSince(killedAt)

  claimNoFailure(stage, 'while Redis was away', measured)
  claims.check(
    "no process missed an update of its own, nor one of the other's for longer than the policy allows",
    behind.every((answer) => !answer.ownUpdate) && longestMs(behind) <= MAX_BEHIND_MS,
    `${count(behind.length)} answers behind, by ${seconds(longestMs(behind))} at most of ${seconds(MAX_BEHIND_MS)}`,
  )
  return { measured, trusting: between(before, halfway), alone: between(halfway, end), behind }
}

/** Returns the figures of the moment when memory is trusted no longer. */
async function flowWithoutRedis(stage: Stage): Promise<Figures> {
  await flow(stage, maxUnsyncedMs, () => 'memory and database')
  const halfway = await figures(stage)
  await flow(stage, AWAY_MS - maxUnsyncedMs, () => 'database, and memory for a second')
  return halfway
}

/** A city that B has just loaded into its memory. */
async function freshlyHeldByB({ a, b, largest, ledger }: Stage): Promise<City> {
  const city = largest[SELDOM_UPDATED]
  if (!city) throw new Error('there are not that many countries')
  const heard = b.heard(now(), HEARTBEAT_MS)
  await updateCity(a, city.id, ledger)
  await heard
  await cityFrom(b, city.id)
  return city
}

/** An update through A that B cannot hear of: A shows it at once, B when it trusts its memory no longer. */
async function updateMeanwhile({ a, b, ledger, claims }: Stage, { id, name }: City, telling: Telling): Promise<void> {
  const askedAt = now()
  const { city } = await updateCity(a, id, ledger)
  const updatedAt = now()
  telling.say(`${name} is updated through A`)
  // Nobody but the cache knows of the invalidation: it tells of it before the update is answered.
  const queuedAt = await a.told('queued', askedAt, HEARTBEAT_MS)
  claims.check(
    'without Redis an update is done, and its invalidation queued',
    queuedAt !== undefined && queuedAt <= updatedAt,
    queuedAt === undefined ? 'it was not' : `after ${ms(queuedAt - askedAt)}, the answer came after ${ms(updatedAt - askedAt)}`,
  )
  const shown = (await cityFrom(a, id)).population >= city.population
  claims.check('the process that made it shows it at once', shown, shown ? 'it does' : 'it shows the old value')

  let shownByB = false
  while (!shownByB && msSince(updatedAt) < MAX_BEHIND_MS) {
    await sleep(LOOK_AGAIN_MS)
    shownByB = (await cityFrom(b, id)).population >= city.population
  }
  if (shownByB) telling.say(`${name} is right through B as well, ${seconds(msSince(updatedAt))} after the update`)
  claims.check(
    'the other shows it when it trusts its memory no longer',
    shownByB,
    shownByB ? `after ${seconds(msSince(updatedAt))}` : `not within ${seconds(MAX_BEHIND_MS)}`,
  )
}
