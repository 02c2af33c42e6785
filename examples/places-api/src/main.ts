/** The demo: two processes serve the cities of the world, and are put to the test. */

import { once } from 'node:events'

import { startPostgres, startRedis } from 'test-support'
import { allCities, loadCities } from './cities.ts'
import { Claims } from './claims.ts'
import type { City } from './database.ts'
import { Ledger } from './ledger.ts'
import type { ProcessName } from './messages.ts'
import { Report, count, percent, seconds } from './report.ts'
import { Sampler } from './sampler.ts'
import { ServerProcess } from './server-process.ts'
import { redisBack } from './story/redis-back.ts'
import { redisStopped } from './story/redis-stopped.ts'
import { type Stage, claimNoFailure } from './story/stage.ts'
import { summarize } from './story/summary.ts'
import { withCache, withoutCache } from './story/throughput.ts'
import { updateSeenByTheOther } from './story/update.ts'
import { CONNECTIONS, MIX, Traffic } from './traffic.ts'

const CITIES = 138_398
const SEED = 42

/** The demo ends within a minute, whatever happens, and the last seconds of it are for stopping everything. */
const MINUTE_MS = 60_000
const STOPPING_MS = 4_000

const report = new Report()
const claims = new Claims()
const resources = new AsyncDisposableStack()
const failure = Promise.withResolvers<never>()
const interruption = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
/** What a shell expects of a command that was interrupted. */
let exitCodeOfInterruption = 130

const deadline = setTimeout(() => {
  failure.reject(new Error('it did not end within a minute'))
}, MINUTE_MS - STOPPING_MS)

const interrupted = interruption.then(() => exitCodeOfInterruption)
const exitCode = await Promise.race([demo(), interrupted, failure.promise]).catch((error: Error) => {
  report.heading(`The demo failed: ${error.message}`)
  for (const claim of claims.all) report.claim(claim)
  return 1
})
setTimeout(() => process.exit(exitCode || 1), STOPPING_MS)
await resources.disposeAsync()
process.exit(exitCode)

async function demo(): Promise<number> {
  const stage = await prepare()
  const without = await withoutCache(stage)
  const cached = await withCache(stage, without)
  const updates = await updateSeenByTheOther(stage)
  const outage = await redisStopped(stage)
  const back = await redisBack(stage)
  clearTimeout(deadline)
  claimNoFailure(stage, 'in all of this', stage.traffic.total())
  const toldAfter = performance.now()
  claims.check('the story took less than a minute', toldAfter < MINUTE_MS - STOPPING_MS, seconds(toldAfter))
  summarize(stage, { without, cached, updates, outage, back })
  if (process.argv.includes('--keep')) await keepServing(stage)
  return claims.exitCode
}

async function prepare(): Promise<Stage> {
  report.heading('places-api: the cities of the world, behind stratacache')
  // A Redis that persists comes back with data out of date, the harder case: an empty one could mislead nobody.
  const redis = resources.use(await startRedis({ persist: true }).catch(explain))
  const postgres = resources.use(await startPostgres())
  const loaded = await loadCities(postgres.url)
  claims.check('every city is in the database', loaded.count === CITIES, count(loaded.count))
  const { postgresVersion, ms } = loaded
  report.line(`PostgreSQL ${postgresVersion} with ${count(loaded.count)} cities, loaded in ${seconds(ms)}`)

  const connect = async (name: ProcessName): Promise<ServerProcess> => {
    const server = resources.use(await ServerProcess.start({ name, databaseUrl: postgres.url, redisUrl: redis.url }))
    server.on('error', failure.reject)
    return server
  }
  const [a, b] = await Promise.all([connect('A'), connect('B')])
  report.line(`Process A on ${a.origin}, process B on ${b.origin}, and a Redis of their own`)

  const cities = allCities()
  const sampler = new Sampler(cities, SEED)
  const ledger = new Ledger(cities)
  const traffic = new Traffic([a, b], sampler, ledger)
  report.line(`${CONNECTIONS} connections ask for each city as often as people live there:`)
  const { nearby, country, update } = MIX
  report.line(
    `${percent(nearby)} for its neighbours, ${percent(country)} for its country, ${percent(update)} to update it`,
  )
  return { a, b, redis, traffic, ledger, report, claims, largest: largestOfEachCountry(cities) }
}

function explain(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOENT') throw error
  throw new Error('redis-server is not on the PATH: install Redis 7 or Valkey', { cause: error })
}

function largestOfEachCountry(cities: readonly City[]): City[] {
  const seen = new Set<string>()
  return cities
    .toSorted((one, other) => other.population - one.population)
    .filter(({ country }) => !seen.has(country) && seen.add(country))
}

async function keepServing({ a, b, largest }: Stage): Promise<void> {
  const [city] = largest
  report.heading(`Serving until Ctrl-C: ${a.origin} (process A) and ${b.origin} (process B)`)
  report.line(`curl -i ${b.origin}/cities/${city?.id}`)
  report.line(`curl -X PUT -d '{"population": 1}' ${a.origin}/cities/${city?.id}`)
  report.line(`curl ${b.origin}/countries/${city?.country}/top`)
  report.line(`curl ${b.origin}/stats`)
  exitCodeOfInterruption = claims.exitCode
  await interruption
}
