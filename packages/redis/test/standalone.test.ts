import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { createClient } from 'redis'
import { startRedis } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedStoreContract } from '../../core/testing/shared-store-contract.ts'
import { harnessOver } from './harness.ts'

const framework = { describe, it, beforeEach, afterEach, expect }
const server = await startRedis()
const admin = new Redis(server.url)
const backend = { atomic: true, del: (key: string) => admin.del(key), flush: () => admin.flushall() }

const six = new Redis(server.url)
const five = new Redis5(server.url)
const node = await createClient({ url: server.url }).on('error', () => {}).connect()

afterAll(async () => {
  for (const client of [admin, six, five]) client.disconnect()
  node.destroy()
  await server.stop()
})

sharedStoreContract('url', harnessOver(() => ({ url: server.url }), backend), framework)
sharedStoreContract('ioredis 6', harnessOver(() => ({ client: six }), backend), framework)
sharedStoreContract('ioredis 5', harnessOver(() => ({ client: five }), backend), framework)
sharedStoreContract('node-redis', harnessOver(() => ({ client: node }), backend), framework)
