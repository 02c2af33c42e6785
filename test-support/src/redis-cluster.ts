import { askRedis } from './ask-redis.ts'
import { host, onFreePort } from './free-port.ts'
import { startRedis, type RedisServer } from './redis.ts'
import { until } from './until.ts'

export interface RedisClusterOptions {
  masters?: number
  /** Replicas of each master. */
  replicas?: number
  args?: string[]
}

export interface RedisCluster extends AsyncDisposable {
  /** The masters in the order of their slots, then the replicas. */
  readonly nodes: readonly RedisServer[]
  readonly urls: readonly string[]
  stop(): Promise<void>
}

const slots = 16_384

export async function startRedisCluster({
  masters = 3,
  replicas = 0,
  args = [],
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  const started = await Promise.allSettled(
    Array.from({ length: masters * (1 + replicas) }, () => startNode(args)),
  )
  const nodes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(({ redis }) => redis.stop()))
  }
  try {
    for (const each of started) if (each.status === 'rejected') throw each.reason
    await join(nodes, masters)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    nodes: nodes.map(({ redis }) => redis),
    urls: nodes.map(({ redis }) => redis.url),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

interface Node {
  redis: RedisServer
  busPort: number
}

function startNode(args: string[]): Promise<Node> {
  // By default the bus listens 10000 above the port, where nothing says that it is free.
  return onFreePort(async (busPort) => {
    const cluster = [
      ['--cluster-enabled', 'yes'],
      ['--cluster-port', String(busPort)],
      ['--cluster-node-timeout', '1000'],
      ['--cluster-replica-validity-factor', '0'],
      ['--repl-diskless-sync-delay', '0'],
    ]
    return { redis: await startRedis({ args: [...cluster.flat(), ...args] }), busPort }
  })
}

async function join(nodes: Node[], masters: number): Promise<void> {
  const first = nodes[0] as Node
  for (const [i, { redis, busPort }] of nodes.entries()) {
    await askRedis(redis.port, 'CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1))
    if (i < masters) {
      const from = Math.floor((i * slots) / masters)
      const to = Math.floor(((i + 1) * slots) / masters) - 1
      await askRedis(redis.port, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to))
    }
    if (i > 0) {
      await askRedis(first.redis.port, 'CLUSTER', 'MEET', host, String(redis.port), String(busPort))
    }
  }
  await Promise.all(nodes.map(({ redis }) => knowsAll(redis, nodes.length)))
  for (const [i, { redis }] of nodes.entries()) {
    if (i < masters) continue
    const master = nodes[i % masters] as Node
    const id = String(await askRedis(master.redis.port, 'CLUSTER', 'MYID'))
    await askRedis(redis.port, 'CLUSTER', 'REPLICATE', id)
  }
  await Promise.all(nodes.map(({ redis }, i) => isReady(redis, i >= masters)))
}

function knowsAll({ port }: RedisServer, count: number): Promise<void> {
  return until(`node ${port} to know the cluster`, async () => {
    const info = String(await askRedis(port, 'CLUSTER', 'INFO'))
    const met = !String(await askRedis(port, 'CLUSTER', 'NODES')).includes('handshake')
    return met && info.includes(`cluster_known_nodes:${count}\r\n`)
  })
}

function isReady({ port }: RedisServer, replica: boolean): Promise<void> {
  return until(`cluster_state:ok on node ${port}`, async () => {
    if (!String(await askRedis(port, 'CLUSTER', 'INFO')).includes('cluster_state:ok')) return false
    if (!replica) return true
    return String(await askRedis(port, 'INFO', 'replication')).includes('master_link_status:up')
  })
}
