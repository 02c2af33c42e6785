import { once } from 'node:events'
import { type Cache, createCache } from '@stratacache/core'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { startRedis, until } from 'test-support'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'

const server = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] })
const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(server.port)] })
const admin = new Redis(server.url)
const node = await createClient({ url: server.url }).on('error', () => {}).connect()

afterAll(async () => {
  admin.disconnect()
  node.destroy()
  await Promise.all([replica.stop(), server.stop()])
})
beforeEach(async () => {
  await admin.flushall()
  await until('the replica to follow', async () => (await admin.wait(1, 100)) === 1)
})

describe.each([
  ['url', { url: server.url }],
  ['a given node-redis', { client: node }],
] as [string, RedisOptions][])('minReplicas with %s', (_, options) => {
  const open = (minReplicas: number): Cache =>
    createCache({ tiers: [redis({ ...options, minReplicas, commandTimeout: '1s' })], circuitBreaker: { failures: 1, cooldown: '1s' } })

  it('an invalidation that no replica acknowledges is queued, invalid here, and replayed', async () => {
    const [cache, other] = [open(1), open(0)]
    await Promise.all([cache.ready(), other.ready()])
    for (const key of ['row', 'kept']) await other.set(key, 'v1')
    expect((await cache.delete('other')).status).toBe('applied')
    const told: unknown[] = []
    cache.on('queued', ({ keys }) => told.push(`queued ${keys}`))
    cache.on('replayed', ({ keys }) => told.push(`replayed ${keys}`))
    cache.on('tierDown', () => told.push('tierDown'))
    replica.pause()
    try {
      expect(await cache.delete('row')).toEqual({ status: 'queued' })
      expect(await cache.set('written', 'v1')).toEqual({ status: 'queued' })
      expect(cache.stats().queued).toBe(2)
      // The server itself answers: it is read, but for what waits.
      expect(await cache.get('kept')).toBe('v1')
      await other.set('row', 'of before the replay')
      expect(await cache.get('row')).toBeUndefined()
      expect(await cache.getOrSet('row', () => 'v2')).toBe('v2')
    } finally {
      replica.resume()
    }
    await until('the replay', async () => cache.stats().queued === 0)
    expect(told).toEqual(['queued 1', 'queued 2', 'replayed 2'])
    expect([await other.get('row'), await other.get('written'), await other.get('kept')]).toEqual([undefined, undefined, 'v1'])
    expect(await cache.set('row', 'v3')).toEqual({ status: 'stored' })
    expect((await cache.invalidateTags('t')).status).toBe('applied')
    await Promise.all([cache.close(), other.close()])
  })

  it('more replicas than there are: everything is queued, and closing says what is lost', async () => {
    const cache = open(2)
    await cache.ready()
    expect(await cache.delete('row')).toEqual({ status: 'queued' })
    const warning = once(process, 'warning')
    await cache.close()
    expect((await warning)[0]).toMatchObject({ message: "closed before tier 'redis' took the invalidation of 1 keys and 0 tags" })
  })
})

it.each([
  ['key', (cache: Cache) => cache.delete('row')],
  ['tag', (cache: Cache) => cache.invalidateTags('table')],
])('replicaLag: what another process loads within it is not kept, whatever that one was told: by %s', async (_, invalidate) => {
  const LAG = 600
  const open = (replicaLag: number): Cache => createCache({ tiers: [redis({ url: server.url })], replicaLag })
  const [cache, other, third] = [open(LAG), open(0), open(0)]
  await Promise.all([cache.ready(), other.ready(), third.ready()])
  const begun = performance.now()
  expect((await invalidate(cache)).status).toBe('applied')
  let kept: number | undefined
  await until('a load to be kept', async () => {
    await other.getOrSet('row', () => performance.now() - begun, { tags: ['table'] })
    kept = await third.get('row')
    return kept !== undefined
  })
  expect(kept).toBeGreaterThan(LAG)
  expect(await cache.getOrSet('row', () => 0)).toBe(kept)
  await Promise.all([cache.close(), other.close(), third.close()])
})
