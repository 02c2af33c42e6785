import type { RedisServer } from 'test-support'

/** A way for Redis to be away. */
export interface Outage {
  readonly name: string
  begin(server: RedisServer): void | Promise<void>
  end(server: RedisServer): void | Promise<void>
}

export const OUTAGES: readonly Outage[] = [
  { name: 'stopped', begin: (server) => server.pause(), end: (server) => server.resume() },
  { name: 'killed', begin: (server) => server.kill(), end: (server) => server.restart() },
]
