/** One server process: the HTTP API, with a memory tier of its own and a Redis tier that it shares with the other. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { typeormCache } from '@stratacache/typeorm'

import { createPlacesCache } from './cache.ts'
import { cachedPlaces } from './cached-places.ts'
import { now } from './clock.ts'
import { openDatabase } from './database.ts'
import { handler } from './http-api.ts'
import { type Command, type Message, type ServerConfig, type ServerStats, toldEvents } from './messages.ts'
import { Source } from './source.ts'

// The demo ends this process by closing the channel to it: a Ctrl-C in the same terminal must not come before that.
process.on('SIGINT', () => undefined)

process.once('message', (command: Command) => {
  if (command.type === 'start') void start(command.config)
})

async function start({ name, databaseUrl, redisUrl }: ServerConfig): Promise<void> {
  const cache = createPlacesCache(redisUrl)
  const orm = typeormCache(cache)
  const database = await openDatabase(databaseUrl, { subscribers: [orm.Subscriber], cache: orm.queryCache({ ttl: '20s' }) })
  const source = new Source(database)
  const cached = cachedPlaces(cache, orm, source)
  let places = cached

  const stale: ServerStats['stale'] = { revalidate: 0, softTimeout: 0, error: 0 }
  cache.on('stale', ({ reason }) => stale[reason]++)
  cache.on('invalidate', ({ origin }) => {
    if (origin === 'remote') tell({ type: 'invalidated', at: now() })
  })
  for (const event of toldEvents) cache.on(event, () => tell({ type: 'event', event, at: now() }))

  const stats = (): ServerStats => ({ process: name, databaseQueries: source.queries, stale, cache: cache.stats() })
  const server = createServer(handler(name, () => places, stats))

  process.on('message', (command: Command) => {
    if (command.type === 'bypass') places = command.on ? source : cached
  })
  process.once('disconnect', () => {
    server.close()
    server.closeAllConnections()
    void Promise.allSettled([cache.close(), database.destroy()]).then(() => process.exit())
  })

  await cache.ready()
  server.listen(0, '127.0.0.1', () => tell({ type: 'listening', port: (server.address() as AddressInfo).port }))
}

function tell(message: Message): void {
  if (process.connected) process.send?.(message)
}
