import { type Cache, createCache, memory } from '@stratacache/core'
import { coherenceContract, rest } from '@stratacache/core/testing'
import { Redis } from 'ioredis'
import { startRedis } from 'test-support'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { redis, type RedisSettings } from '../src/index.ts'
import { Keys } from '../src/keys.ts'
import { coherenceWorld } from './world.ts'

const server = await startRedis()
const admin = new Redis(server.url)
const keys = new Keys('strata')

afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

beforeEach(() => admin.flushall())

const [older, newer] = ['2025', '2026'].map((id) => ({ id, secret: Buffer.alloc(32, id) }))
const encryption = (...ring: (typeof older)[]): RedisSettings => ({ encryption: { keys: ring.map((key) => key!) } })
const rows = Array.from({ length: 200 }, (_, id) => ({ id, name: `user ${id}` }))

const processOf = async (settings: RedisSettings): Promise<Cache> => {
  const cache = createCache({ tiers: [memory({ maxEntries: 100 }), redis({ url: server.url, ...settings })] })
  await cache.ready()
  return cache
}

/** What a process that has just started finds. */
async function found(settings: RedisSettings, key: string): Promise<{ value: unknown; corrupt: number }> {
  await using cache = await processOf(settings)
  let corrupt = 0
  cache.on('corrupt', () => corrupt++)
  return { value: await cache.get(key), corrupt }
}

const stored = (key: string): Promise<Buffer | null> => admin.getBuffer(keys.entry(`default:${key}`))

describe('encryption', () => {
  it('keys are rotated: the first writes, all read, and what a dropped one wrote is loaded anew', async () => {
    await using first = await processOf(encryption(older))
    await first.set('row', 'by the old key')
    expect(await stored('row')).not.toContain('by the old key')
    expect(await found(encryption(older, newer), 'row')).toEqual({ value: 'by the old key', corrupt: 0 })
    await using second = await processOf(encryption(newer, older))
    expect(await second.get('row')).toBe('by the old key')
    await second.set('new row', 'by the new key')
    expect(await found(encryption(newer), 'new row')).toEqual({ value: 'by the new key', corrupt: 0 })
    expect(await found(encryption(newer), 'row')).toEqual({ value: undefined, corrupt: 1 })
    await using third = await processOf(encryption(newer))
    expect(await third.getOrSet('row', () => 'loaded')).toBe('loaded')
    await rest()
    await expect.poll(() => found(encryption(newer), 'row')).toEqual({ value: 'loaded', corrupt: 0 })
  })

  it('a value that somebody copies to another key is a miss there', async () => {
    await using cache = await processOf(encryption(newer))
    await cache.set('mine', { admin: false })
    await cache.set('theirs', { admin: true })
    expect(await admin.copy(keys.entry('default:theirs'), keys.entry('default:mine'), 'REPLACE')).toBe(1)
    expect(await found(encryption(newer), 'mine')).toEqual({ value: undefined, corrupt: 1 })
    expect(await found(encryption(newer), 'theirs')).toEqual({ value: { admin: true }, corrupt: 0 })
  })

  it('what is not encrypted is a miss, and so is what is, without keys', async () => {
    await using plain = await processOf({})
    await plain.set('row', 'plain')
    expect(await found(encryption(newer), 'row')).toEqual({ value: undefined, corrupt: 1 })
    await using sealed = await processOf(encryption(newer))
    await sealed.set('row', 'encrypted')
    expect(await found({}, 'row')).toEqual({ value: undefined, corrupt: 1 })
  })

  it('versions, soft invalidation and explain work on what Redis cannot read', async () => {
    const settings: RedisSettings = { ...encryption(newer), compression: { algorithm: 'zstd', minBytes: 0 } }
    await using cache = await processOf(settings)
    expect(await cache.set('row', rows, { version: 2, ttl: '1h', staleWhileRevalidate: '1h' })).toEqual({ status: 'stored' })
    expect(await cache.set('row', 'older', { version: 1 })).toEqual({ status: 'superseded' })
    await using other = await processOf(settings)
    await cache.expire({ keys: ['row'] })
    expect((await other.explain('row')).tiers[1]).toMatchObject({ state: 'stale' })
    expect(await other.get('row')).toEqual(rows)
    await using stranger = await processOf(encryption(older))
    expect((await stranger.explain('row')).tiers[1]).toMatchObject({ state: 'absent' })
  })
})

describe('compression', () => {
  it.each([['zstd', 3], ['gzip', 2]] as const)('by %s is read by processes that write otherwise', async (compression, kind) => {
    await using writer = await processOf({ compression })
    await writer.set('rows', rows)
    await writer.set('row', rows[0])
    const [long, short] = [await stored('rows'), await stored('row')]
    expect([long![3], short![3]]).toEqual([kind, 0])
    expect(long!.length).toBeLessThan(JSON.stringify(rows).length / 3)
    for (const settings of [{}, { compression: 'zstd' }, { compression: 'gzip' }] satisfies RedisSettings[]) {
      expect(await found(settings, 'rows')).toEqual({ value: rows, corrupt: 0 })
    }
  })
})

coherenceContract(
  'Redis, encrypted and compressed',
  coherenceWorld(
    () => [admin],
    async () => ({ tier: redis({ url: server.url, ...encryption(newer), compression: { algorithm: 'zstd', minBytes: 0 } }), close: () => {} }),
  ),
  { describe, it, expect },
)
