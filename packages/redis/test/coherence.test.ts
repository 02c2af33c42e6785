import type { SharedTier } from '@stratacache/core'
import { coherenceContract, type CoherenceWorld } from '@stratacache/core/testing'
import { Cluster, Redis } from 'ioredis'
import { createClient } from 'redis'
import { startRedis, startRedisCluster } from 'test-support'
import { afterAll, describe, expect, it } from 'vitest'
import { redis } from '../src/index.ts'
import { Keys } from '../src/keys.ts'

const server = await startRedis()
const cluster = await startRedisCluster()
const keys = new Keys('strata')
const admin = new Redis(server.url)
const clusterAdmin = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }])

afterAll(async () => {
  admin.disconnect()
  clusterAdmin.disconnect()
  await Promise.all([server.stop(), cluster.stop()])
})

/** A world over a backend that `nodes` give access to, and whose processes connect by `connect`. */
function world(nodes: () => readonly Redis[], connect: () => Promise<{ tier: SharedTier; close(): unknown }>): () => Promise<CoherenceWorld> {
  return async () => {
    await Promise.all(nodes().map((node) => node.flushall()))
    // Connected beforehand: a process asks for its tier when it starts.
    const spare = await Promise.all(Array.from({ length: 6 }, connect))
    const used = [...spare]
    const lose = async (pattern: string): Promise<void> => {
      for (const node of nodes()) for (const key of await node.keys(pattern)) await node.del(key)
    }
    return {
      tier: () => spare.pop()!.tier,
      close: async () => {
        for (const { close } of used) await close()
      },
      lose: async (what) => {
        if (what === 'everything') await Promise.all(nodes().map((node) => node.flushall()))
        if (what === 'entries') await lose(keys.entry('*'))
        if (what === 'leases') await lose(keys.lease('*'))
        if (what === 'tags') await lose(keys.tag('*'))
        if (what === 'clock') await lose(keys.clock)
        if (what === 'log') await Promise.all([lose(keys.log), lose(keys.tail)])
      },
    }
  }
}

const framework = { describe, it, expect }

coherenceContract(
  'Redis through ioredis',
  world(
    () => [admin],
    async () => ({ tier: redis({ url: server.url }), close: () => {} }),
  ),
  framework,
)

coherenceContract(
  'Redis through node-redis',
  world(
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
  world(
    () => clusterAdmin.nodes('master'),
    async () => {
      const client = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }])
      await new Promise((resolve) => client.once('ready', resolve))
      return { tier: redis({ client }), close: () => client.disconnect() }
    },
  ),
  framework,
)
