import { askRedis, type RedisServer, until } from 'test-support'
import { type Fault, hold } from './fault.ts'
import { pick } from 'test-support'

/** Replication is asynchronous: a failover may lose what the old master has confirmed. */
export const failoverFaults: readonly (Fault<'sentinel'> | Fault<'cluster'>)[] = [
  {
    name: 'Sentinel failover',
    topology: 'sentinel',
    place: 'server',
    takesBack: true,
    async run(stage) {
      await stage.backend.setup.failover()
    },
  },
  {
    name: 'Cluster master killed',
    topology: 'cluster',
    place: 'server',
    takesBack: true,
    async run(stage) {
      const { nodes } = stage.backend.cluster
      const masters = await nodesWithRole(nodes, 'master')
      const victim = pick(stage.random, masters)
      await victim.kill()
      const rest = nodes.filter((node) => node !== victim)
      await until('a replica to be promoted', async () => (await nodesWithRole(rest, 'master')).length === masters.length)
      await hold(stage)
      await victim.restart()
      await until('the cluster to be whole', async () => (await states(nodes)).every((state) => state.includes('cluster_state:ok')))
      await until('the old master to follow', async () => (await nodesWithRole(nodes, 'master')).length === masters.length)
    },
  },
]

async function nodesWithRole(nodes: readonly RedisServer[], role: string): Promise<RedisServer[]> {
  const roles = await Promise.all(nodes.map(async ({ port }) => ((await askRedis(port, 'ROLE')) as string[])[0]))
  return nodes.filter((_, index) => roles[index] === role)
}

const states = (nodes: readonly RedisServer[]): Promise<string[]> => Promise.all(nodes.map(async ({ port }) => String(await askRedis(port, 'CLUSTER', 'INFO'))))
