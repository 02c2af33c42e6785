/** An update through process A, and how soon process B knows. */

import { ask, city as cityFrom } from '../client.ts'
import { now } from '../clock.ts'
import type { City } from '../database.ts'
import { type Measured, Meter } from '../meter.ts'
import type { Country } from '../places.ts'
import { ms } from '../report.ts'
import { MAX_LOG_DELAY_MS, type Stage } from './stage.ts'
import { updateCity } from './update-city.ts'

const READ_AT_ONCE = 50
const LISTENED = 25
const HEARD_WITHIN_MS = 1_000

export interface Updates {
  nextRead: Measured
  heard: Measured
}

export async function updateSeenByTheOther(stage: Stage): Promise<Updates> {
  stage.report.heading('An update through A, read from B')
  const nextRead = await readAtOnce(stage, stage.largest.slice(0, READ_AT_ONCE))
  stage.report.line(`from A's answer to B's with the new value    ${percentiles(nextRead)}`)
  const heard = await heardByTheOther(stage, stage.largest.slice(0, LISTENED))
  stage.report.line(`from asking A to B's dropping the old value  ${percentiles(heard)}`)
  return { nextRead, heard }
}

const percentiles = ({ p50Ms, p99Ms }: Measured) => `p50 ${ms(p50Ms)}   p99 ${ms(p99Ms)}`

/** Holds B's next answers against the update: of the city by its key, of the country by its tag. */
async function readAtOnce({ a, b, ledger, claims, report }: Stage, cities: readonly City[]): Promise<Measured> {
  const meter = new Meter()
  const byKey: Sight[] = []
  const byTag: Sight[] = []
  for (const { id, country } of cities) {
    const top = `/countries/${country}/top`
    await Promise.all([cityFrom(b, id), ask(b, 'GET', top)])

    const { population } = (await updateCity(a, id, ledger)).city
    const ofCity = await sight(async () => (await cityFrom(b, id)).population === population)
    meter.record(ofCity.ms, !ofCity.isSeen)
    byKey.push(ofCity)
    const isListed = (city: City): boolean => city.id === id && city.population === population
    byTag.push(await sight(async () => ((await ask(b, 'GET', top)).body as Country).top.some(isListed)))
    report.live(`${byKey.filter(isAtOnce).length} seen by key, ${byTag.filter(isAtOnce).length} seen by tag`)
  }
  claims.check(
    "B's next read sees an update made through A, or the first one after the log has told it, by key",
    byKey.every(isSeen),
    measuredOf(byKey),
  )
  claims.check("and so does B's list of the country, by tag", byTag.every(isSeen), measuredOf(byTag))
  return meter.read()
}

/** How an update was seen by who asked for it. */
interface Sight {
  isSeen: boolean
  reads: number
  ms: number
}

/** Reads until the answer is right, for as long as the log may take. */
async function sight(isRight: () => Promise<boolean>): Promise<Sight> {
  const startedAt = now()
  for (let reads = 1; ; reads++) {
    const isSeen = await isRight()
    const ms = now() - startedAt
    if (isSeen || ms > MAX_LOG_DELAY_MS) return { isSeen, reads, ms }
  }
}

const isSeen = (sight: Sight): boolean => sight.isSeen
const isAtOnce = ({ isSeen, reads }: Sight): boolean => isSeen && reads === 1

function measuredOf(sights: readonly Sight[]): string {
  const later = sights.filter((sight) => !isAtOnce(sight))
  const longest = Math.max(...later.map((sight) => sight.ms))
  return `${sights.length - later.length} of ${sights.length} at once${later.length === 0 ? '' : `, the others within ${ms(longest)}`}`
}

/** From asking A to B's having dropped its copies, which may be before A has answered. */
async function heardByTheOther({ a, b, ledger, claims }: Stage, cities: readonly City[]): Promise<Measured> {
  const meter = new Meter()
  for (const { id } of cities) {
    const askedAt = now()
    const heard = b.heard(askedAt, HEARD_WITHIN_MS)
    await updateCity(a, id, ledger)
    const heardAt = await heard
    if (heardAt === undefined) break
    meter.record(heardAt - askedAt, false)
  }
  const measured = meter.read()
  claims.check(
    'B hears of an update without being asked for it',
    measured.requests === cities.length,
    `${measured.requests} of ${cities.length}`,
  )
  return measured
}
