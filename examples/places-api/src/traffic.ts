/** Requests as the world would make them: each connection asks, waits for the answer, and asks again. */

import { type Answer, ask, setPopulation } from './client.ts'
import { now } from './clock.ts'
import type { City } from './database.ts'
import type { Ledger } from './ledger.ts'
import { type Measured, Meter } from './meter.ts'
import type { Country } from './places.ts'
import type { Sampler } from './sampler.ts'
import type { ServerProcess } from './server-process.ts'

export const CONNECTIONS = 24

/** Shares of all requests; what is left reads a city. */
export const MIX = { update: 0.01, country: 0.3, nearby: 0.15 }

export class Traffic {
  readonly #servers: readonly ServerProcess[]
  readonly #sampler: Sampler
  readonly #ledger: Ledger
  #connections: Promise<void>[] = []
  #running = false
  readonly #total = new Meter()
  #lap = new Meter()
  #glance = new Meter()
  #firstFailure: string | undefined

  constructor(servers: readonly ServerProcess[], sampler: Sampler, ledger: Ledger) {
    this.#servers = servers
    this.#sampler = sampler
    this.#ledger = ledger
  }

  get firstFailure(): string | undefined {
    return this.#firstFailure
  }

  start(): void {
    this.#running = true
    this.lap()
    this.glance()
    this.#connections = Array.from({ length: CONNECTIONS }, () => this.#connection())
  }

  /** Resolves when the last answer is in. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(this.#connections)
  }

  /** What was measured from the first start on. */
  total(): Measured {
    return this.#total.read()
  }

  /** What was measured since the last lap. */
  lap(): Measured {
    const lap = this.#lap.read()
    this.#lap = new Meter()
    return lap
  }

  /** What was measured since the last glance, for a line on the screen. */
  glance(): Measured {
    const glance = this.#glance.read()
    this.#glance = new Meter()
    return glance
  }

  async #connection(): Promise<void> {
    while (this.#running) {
      const server = this.#servers[Math.floor(this.#sampler.random() * this.#servers.length)]
      if (server) await this.#request(server, this.#sampler.city())
    }
  }

  async #request(server: ServerProcess, city: City): Promise<void> {
    const askedAt = now()
    let failure: string | undefined
    try {
      const { status, body } = await this.#send(server, city, askedAt)
      if (status !== 200) failure = `${status} ${JSON.stringify(body)}`
    } catch (error) {
      failure = String(error)
    }
    if (failure) this.#firstFailure ??= `${server.name}: ${failure}`
    const ms = now() - askedAt
    for (const meter of [this.#total, this.#lap, this.#glance]) meter.record(ms, failure !== undefined)
  }

  async #send(server: ServerProcess, city: City, askedAt: number): Promise<Answer> {
    const dice = this.#sampler.random()
    const update = dice < MIX.update ? this.#ledger.update(city.id, server.name) : undefined
    if (update) {
      const answer = await setPopulation(server, city.id, update.population)
      if (answer.status === 200) update.confirm(now())
      return answer
    }
    const answer = await ask(server, 'GET', pathFor(city, dice))
    if (answer.status === 200) this.#ledger.check(server.name, citiesIn(answer.body as Body), askedAt)
    return answer
  }
}

/** What the three routes answer with. */
type Body = City | City[] | Country

function citiesIn(body: Body): City[] {
  if (Array.isArray(body)) return body
  return 'top' in body ? body.top : [body]
}

function pathFor(city: City, dice: number): string {
  if (dice < MIX.update + MIX.country) return `/countries/${city.country}/top`
  if (dice < MIX.update + MIX.country + MIX.nearby) return `/cities/${city.id}/nearby`
  return `/cities/${city.id}`
}
