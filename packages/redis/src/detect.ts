import type { Driver } from './driver.ts'
import type { Ioredis, IoredisCluster } from './ioredis.ts'
import { IoredisClusterDriver } from './ioredis-cluster-driver.ts'
import { IoredisDriver } from './ioredis-driver.ts'
import type { NodeRedis, NodeRedisCluster } from './node-redis.ts'
import { NodeRedisClusterDriver } from './node-redis-cluster-driver.ts'
import { NodeRedisDriver } from './node-redis-driver.ts'

/** An ioredis `Redis` or `Cluster`, version 5 or 6. */
export interface IoredisClient {
  readonly status: string
  readonly isCluster: boolean
  callBuffer(command: string, args: (string | Buffer | number)[]): Promise<unknown>
}

/** A node-redis client or cluster, version 5 or 6. */
export interface NodeRedisClient {
  readonly isOpen: boolean
  sendCommand(...args: never): Promise<unknown>
  duplicate(...args: never): unknown
}

/** The driver for a client, which is told by its shape: neither library has to be installed for the other. */
export function driverFor(client: unknown): Driver | undefined {
  if (typeof client !== 'object' || client === null) return undefined
  if (has(client, 'callBuffer', 'mgetBuffer', 'duplicate') && 'isCluster' in client) {
    return client.isCluster === true ? new IoredisClusterDriver(client as unknown as IoredisCluster) : new IoredisDriver(client as unknown as Ioredis)
  }
  if (!has(client, 'sendCommand', 'duplicate') || !('isOpen' in client)) return undefined
  if (has(client, 'nodeClient') && 'slots' in client) return new NodeRedisClusterDriver(client as unknown as NodeRedisCluster)
  // Neither a pool nor a Sentinel client: those have no connection to speak of.
  return has(client, 'withTypeMapping', 'ref') && 'isReady' in client ? new NodeRedisDriver(client as unknown as NodeRedis) : undefined
}

function has(client: object, ...methods: readonly string[]): boolean {
  return methods.every((method) => typeof (client as Record<string, unknown>)[method] === 'function')
}
