import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { askRedis, startRedisCluster, until } from 'test-support'
import { afterAll, describe, expect, it } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'
import { Keys } from '../src/keys.ts'
import { slotOf } from '../src/slot.ts'
import { aFill, anInvalidation, aWrite, stored, tierError } from './drafts.ts'

const servers = await startRedisCluster({ replicas: 1 })
const keys = new Keys('strata')
const port = (i: number): number => servers.nodes[i]!.port
const ask = (i: number, ...command: string[]) => askRedis(port(i), ...command)

// Every node has to know every replica, or clients that ask it do not.
for (const i of servers.nodes.keys()) {
  await until('the replicas to be known', async () => ((await ask(i, 'CLUSTER', 'SLOTS')) as unknown[][]).every((range) => range.length === 4))
}
afterAll(() => servers.stop())

const clients: Record<string, () => Promise<RedisOptions & { end(): unknown }>> = {
  ioredis: async () => {
    const client = new Cluster([{ host: '127.0.0.1', port: port(0) }], { scaleReads: 'slave', clusterRetryStrategy: () => 20 }).on('error', () => {})
    return { client, end: () => client.disconnect() }
  },
  'node-redis': async () => {
    const client = createCluster({ rootNodes: [{ url: servers.urls[0]! }], useReplicas: true }).on('error', () => {})
    await client.connect()
    return { client, end: () => client.destroy() }
  },
}

/** The masters of now: a failover changes them. */
async function masters(): Promise<number[]> {
  const roles = await Promise.all(servers.nodes.map(async (_, i) => ((await ask(i, 'ROLE')) as string[])[0]))
  return [...roles.keys()].filter((i) => roles[i] === 'master')
}

async function ownerOf(slot: number): Promise<number> {
  for (const i of await masters()) {
    const id = await ask(i, 'CLUSTER', 'MYID')
    const slots = (await ask(i, 'CLUSTER', 'SLOTS')) as unknown as [number, number, [string, number, string]][]
    if (slots.some(([first, last, node]) => first <= slot && slot <= last && node[2] === id)) return i
  }
  throw new Error('nobody owns the slot')
}

/** Moves a slot to another master, with all it holds. */
async function migrate(slot: number): Promise<void> {
  const from = await ownerOf(slot)
  const all = await masters()
  const to = all.find((i) => i !== from)!
  const ids = await Promise.all([from, to].map(async (i) => String(await ask(i, 'CLUSTER', 'MYID'))))
  await ask(to, 'CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', ids[0]!)
  await ask(from, 'CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', ids[1]!)
  const held = (await ask(from, 'CLUSTER', 'GETKEYSINSLOT', String(slot), '100')) as string[]
  if (held.length > 0) await ask(from, 'MIGRATE', '127.0.0.1', String(port(to)), '', '0', '5000', 'KEYS', ...held)
  for (const i of [to, ...all]) await ask(i, 'CLUSTER', 'SETSLOT', String(slot), 'NODE', ids[1]!)
}

describe.each(Object.entries(clients))('a Cluster through %s', (_, connect) => {
  const open = async (settings: object = {}) => {
    const { end, ...options } = await connect()
    const store = redis({ ...options, ...settings }).open()
    await store.connect()
    const close = async (): Promise<void> => {
      await store.close()
      await end()
    }
    return { store, close }
  }

  it('is followed where the slot of the log, or of an entry, moves to', async () => {
    const { store, close } = await open()
    const log = await store.openLog()
    const { tail } = await log.start()
    await store.write(aWrite('k'))
    for (const key of [keys.log, keys.entry('k')]) await migrate(slotOf(key))
    expect((await tierError(log.read(tail, 0))).message).toBe('tier "redis": the log failed (MOVED)')
    await log.close()
    const next = await store.openLog()
    expect((await next.read(tail, 0)).records.map((record) => record.keys)).toEqual([['k']])
    const { stamp } = await store.invalidate(anInvalidation({ keys: ['x'] }))
    expect((await stored(store, 'k'))!.value).toBe('written')
    expect((await next.read(tail, 0)).records.map((record) => record.keys)).toEqual([['k'], ['x']])
    expect((await next.start()).tail).toBe(stamp)
    await close()
  })

  it('reads from masters only, whatever the client is told', async () => {
    const { store, close } = await open()
    const owners = await masters()
    const replicas = servers.nodes.filter((_, i) => !owners.includes(i))
    for (const replica of replicas) replica.pause()
    try {
      for (let i = 0; i < 20; i++) {
        await store.write(aWrite(`${i}`))
        expect((await stored(store, `${i}`))!.value).toBe('written')
      }
    } finally {
      for (const replica of replicas) replica.resume()
    }
    await close()
  })

  it('has invalidations and writes acknowledged by the replicas of every node', async () => {
    const { store, close } = await open({ minReplicas: 1 })
    const many = Array.from({ length: 30 }, (_, i) => `${i}`)
    await until('the replicas to acknowledge', async () => (await store.invalidate(anInvalidation({ keys: many, tags: many }))).stamp > 0)
    expect((await store.write(aWrite('k', { tags: ['t'] }))).status).toBe('stored')
    await close()
    const demanding = await open({ minReplicas: 2, commandTimeout: 50 })
    expect((await tierError(demanding.store.invalidate(anInvalidation({ keys: many })))).message).toBe('tier "redis": acknowledged by 1 of 2 replicas')
    await demanding.close()
  })

  it('is followed through a failover of the node of the log', async () => {
    const { store, close } = await open()
    const log = await store.openLog()
    await log.start()
    await store.write(aWrite('k'))
    const address = String(port(await ownerOf(slotOf(keys.log))))
    const roles = await Promise.all(servers.nodes.map(async (_, i) => (await ask(i, 'ROLE')) as string[]))
    const replica = roles.findIndex((role) => role[0] === 'slave' && String(role[2]) === address)
    await ask(replica, 'CLUSTER', 'FAILOVER')
    await until('the replica to be master', async () => ((await ask(replica, 'ROLE')) as string[])[0] === 'master')
    await until('the store to answer', async () => {
      await store.write(aWrite('k'))
      expect(await store.fill(await aFill(store, `filled ${performance.now()}`))).toBe(true)
      const reader = await store.openLog()
      const { tail } = await reader.start()
      const { stamp } = await store.invalidate(anInvalidation({ keys: ['k'] }))
      return (await reader.read(tail, 0)).records.some((record) => record.stamp === stamp)
    })
    await close()
  })
})
