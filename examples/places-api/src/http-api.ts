/** The routes, and what they answer with. */

import type { IncomingMessage, RequestListener } from 'node:http'
import { json } from 'node:stream/consumers'

import type { ServerStats } from './messages.ts'
import type { Places } from './places.ts'

interface Route {
  method: string
  path: RegExp
  answer: (parameter: string, request: IncomingMessage) => unknown
}

interface Answer {
  status: number
  body: unknown
}

class BadRequest extends Error {}

export function handler(name: string, places: () => Places, stats: () => ServerStats): RequestListener {
  const routes: readonly Route[] = [
    { method: 'GET', path: /^\/cities\/(\d{1,9})$/, answer: (id) => places().city(Number(id)) },
    { method: 'GET', path: /^\/cities\/(\d{1,9})\/nearby$/, answer: (id) => places().nearby(Number(id)) },
    { method: 'GET', path: /^\/countries\/([A-Z]{2})\/top$/, answer: (code) => places().country(code) },
    {
      method: 'PUT',
      path: /^\/cities\/(\d{1,9})$/,
      answer: async (id, request) => places().setPopulation(Number(id), await populationOf(request)),
    },
    { method: 'GET', path: /^\/(stats)$/, answer: stats },
  ]

  return (request, response) => {
    void answerTo(request, routes).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-process': name }).end(JSON.stringify(body))
    })
  }
}

async function answerTo(request: IncomingMessage, routes: readonly Route[]): Promise<Answer> {
  try {
    for (const { method, path, answer } of routes) {
      const parameter = request.method === method && path.exec(request.url ?? '')?.[1]
      if (!parameter) continue
      const body = await answer(parameter, request)
      return body === undefined ? { status: 404, body: { error: 'no such place' } } : { status: 200, body }
    }
    return { status: 404, body: { error: 'no such route' } }
  } catch (error) {
    return { status: error instanceof BadRequest ? 400 : 500, body: { error: String(error) } }
  }
}

async function populationOf(request: IncomingMessage): Promise<number> {
  const body: unknown = await json(request).catch(() => undefined)
  const population = body instanceof Object && 'population' in body ? body.population : undefined
  if (typeof population === 'number' && Number.isInteger(population) && population >= 0 && population < 2 ** 31) {
    return population
  }
  throw new BadRequest('the body must be {"population": <a whole number>}')
}
