import { Cluster, Redis } from 'ioredis'
import type { Place } from './subject.ts'

/** What `redis()` is given, and how that is closed. */
export interface Connection {
  readonly options: { readonly url: string } | { readonly client: Redis | Cluster }
  readonly close: () => Promise<void>
}

const RETRY_MS = 50

/** The way to Redis: by url where there is one server, else a client that knows the topology. */
export function connect(place: Place): Connection {
  if (place.kind === 'single') return { options: { url: place.url }, close: async () => {} }
  const client =
    place.kind === 'sentinel'
      ? new Redis({ sentinels: [...place.sentinels], name: place.name, retryStrategy: () => RETRY_MS, sentinelRetryStrategy: () => RETRY_MS, failoverDetector: true })
      : new Cluster([...place.urls], { clusterRetryStrategy: () => RETRY_MS, slotsRefreshInterval: 500 })
  client.on('error', () => {})
  return { options: { client }, close: async () => client.disconnect() }
}
