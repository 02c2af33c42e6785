/** An update through process A, and how soon process B knows. */

import { ask, city as cityFrom } from '../client.ts'
import { now } from '../clock.ts'
import { type Measured, Meter } from '../meter.ts'
import type { City, Country } from '../places.ts'
import { ms } from '../report.ts'
import type { Stage } from './stage.ts'
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
  let seenByKey = 0
  let seenByTag = 0
  for (const { id, country } of cities) {
    const top = `/countries/${country}/top`
    await Promise.all([cityFrom(b, id), ask(b, 'GET', top)])

    const { population } = (await updateCity(a, id, ledger)).city
    const updatedAt = now()
    const read = await cityFrom(b, id)
    const isNew = read.population === population
    meter.record(now() - updatedAt, !isNew)
    if (isNew) seenByKey++
    const listed = (await ask(b, 'GET', top)).body as Country
    if (listed.top.some((city) => city.id === id && city.population === population)) seenByTag++
    report.live(`${seenByKey} seen by key, ${seenByTag} seen by tag`)
  }
  const all = cities.length
  claims.check("B's next read sees an update made through A, by key", seenByKey === all, `${seenByKey} of ${all}`)
  claims.check("and so does B's next list of the country, by tag", seenByTag === all, `${seenByTag} of ${all}`)
  return meter.read()
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
