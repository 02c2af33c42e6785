import { Cluster } from 'ioredis'
import { Cluster as Cluster5 } from 'ioredis5'
import { createCluster } from 'redis'
import { startRedisCluster } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedStoreContract } from '../../core/testing/shared-store-contract.ts'
import { harnessOver } from './harness.ts'

const framework = { describe, it, beforeEach, afterEach, expect }
const servers = await startRedisCluster()
const nodes = servers.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))
const admin = new Cluster(nodes)
const flush = (): Promise<unknown> => Promise.all(admin.nodes('master').map((node) => node.flushall()))
const backend = { atomic: false, del: (key: string) => admin.del(key), flush }

const six = new Cluster(nodes)
const five = new Cluster5(nodes)
const node = createCluster({ rootNodes: servers.urls.map((url) => ({ url })) }).on('error', () => {})
await Promise.all([node.connect(), admin.ping()])

afterAll(async () => {
  for (const client of [admin, six, five]) client.disconnect()
  node.destroy()
  await servers.stop()
})

sharedStoreContract('ioredis 6 Cluster', harnessOver(() => ({ client: six }), backend), framework)
sharedStoreContract('ioredis 5 Cluster', harnessOver(() => ({ client: five }), backend), framework)
sharedStoreContract('node-redis cluster', harnessOver(() => ({ client: node }), backend), framework)
