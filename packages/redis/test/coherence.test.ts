import { coherenceContract } from '@stratacache/core/testing'
import { Cluster, Redis } from 'ioredis'
import { createClient } from 'redis'
import { startRedis, startRedisCluster } from 'test-support'
import { afterAll, describe, expect, it } from 'vitest'
import { redis } from '../src/index.ts'
import { coherenceWorld } from './world.ts'

const server = await startRedis()
const cluster = await startRedisCluster()
const admin = new Redis(server.url)
const clusterAdmin = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }])

afterAll(async () => {
  admin.disconnect()
  clusterAdmin.disconnect()
  await Promise.all([server.stop(), cluster.stop()])
})

const framework = { describe, it, expect }

coherenceContract(
  'Redis through ioredis',
  coherenceWorld(
    () => [admin],
    async () => ({ tier: redis({ url: server.url }), close: () => {} }),
  ),
  framework,
)

coherenceContract(
  'Redis through node-redis',
  coherenceWorld(
    () => [admin],
    async () => {
      const client = await createClient({ url: server.url }).on('error', () => {}).connect()
      return { tier: redis({ client }), close: () => client.destroy() }
    },
  ),
  framework,
)

coherenceContract(
  'a Redis Cluster',
  coherenceWorld(
    () => clusterAdmin.nodes('master'),
    async () => {
      const client = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }])
      await new Promise((resolve) => client.once('ready', resolve))
      return { tier: redis({ client }), close: () => client.disconnect() }
    },
  ),
  framework,
)
