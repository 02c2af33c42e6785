import { type Proxy, type RedisCluster, type RedisServer, type SentinelSetup, startProxy, startRedis, startRedisCluster, startSentinel } from 'test-support'
import type { Place } from '../subjects/subject.ts'

/** One server, and a proxy for each worker. */
export interface Single extends AsyncDisposable {
  readonly kind: 'single'
  readonly server: RedisServer
  readonly proxies: readonly Proxy[]
}

interface Sentinels extends AsyncDisposable {
  readonly kind: 'sentinel'
  readonly setup: SentinelSetup
}

export interface Clustered extends AsyncDisposable {
  readonly kind: 'cluster'
  readonly cluster: RedisCluster
}

export type Backend = Single | Sentinels | Clustered
export type Topology = Backend['kind']

/** How often the data reach the disk does not matter here: a killed process loses nothing that was written. */
const PERSISTENCE = ['--auto-aof-rewrite-percentage', '0', '--enable-debug-command', 'local']

export async function startBackend(topology: Topology, workers: number): Promise<Backend> {
  if (topology === 'sentinel') {
    const setup = await startSentinel()
    return { kind: topology, setup, [Symbol.asyncDispose]: () => setup.stop() }
  }
  if (topology === 'cluster') {
    const cluster = await startRedisCluster({ masters: 3, replicas: 1 })
    return { kind: topology, cluster, [Symbol.asyncDispose]: () => cluster.stop() }
  }
  const server = await startRedis({ persist: true, args: PERSISTENCE })
  const proxies = await Promise.all(Array.from({ length: workers }, () => startProxy(server)))
  return {
    kind: topology,
    server,
    proxies,
    async [Symbol.asyncDispose]() {
      await Promise.all(proxies.map((proxy) => proxy.stop()))
      await server.stop()
    },
  }
}

/** Where a worker finds Redis. */
export function placeOf(backend: Backend, worker: number): Place {
  switch (backend.kind) {
    case 'single':
      return { kind: 'single', url: backend.proxies[worker]!.url }
    case 'sentinel':
      return { kind: 'sentinel', sentinels: backend.setup.sentinels, name: backend.setup.name }
    case 'cluster':
      return { kind: 'cluster', urls: backend.cluster.urls }
  }
}
