/** Asks the server processes over connections that are kept open. */

import { Agent } from 'undici'

import type { City } from './database.ts'
import type { ServerStats } from './messages.ts'
import type { ServerProcess } from './server-process.ts'

// Rather than node:http: the traffic shares the machine with all that it measures, and should take little of it.
const agent = new Agent()

export interface Answer {
  status: number
  body: unknown
}

export async function ask(server: ServerProcess, method: 'GET' | 'PUT', path: string, body?: string): Promise<Answer> {
  const response = await agent.request({ origin: server.origin, method, path, ...(body && { body }) })
  return { status: response.statusCode, body: await response.body.json() }
}

export async function stats(server: ServerProcess): Promise<ServerStats> {
  return (await ask(server, 'GET', '/stats')).body as ServerStats
}

export async function city(server: ServerProcess, id: number): Promise<City> {
  return (await ask(server, 'GET', `/cities/${id}`)).body as City
}

export function setPopulation(server: ServerProcess, id: number, population: number): Promise<Answer> {
  return ask(server, 'PUT', `/cities/${id}`, JSON.stringify({ population }))
}
