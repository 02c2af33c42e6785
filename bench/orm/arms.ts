import { type Cache, createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { createOutbox, typeormCache, type TypeormCache } from '@stratacache/typeorm'
import type { DataSource } from 'typeorm'
import { openShop, PRODUCTS } from './shop.ts'

/** A shop as one library caches it. */
export interface ShopArm {
  readonly dataSource: DataSource
  readonly cache?: Cache
  readonly orm?: TypeormCache
}

const TTL = 3_600_000
/** Memory that has room for one entry: what is read is in Redis. */
const NONE = { maxEntries: 1 }
const ALL = { maxEntries: 4 * PRODUCTS }

async function withCache(databaseUrl: string, cache: Cache, outbox = false): Promise<ShopArm> {
  await cache.ready()
  const orm = typeormCache(cache, { outbox })
  const dataSource = await openShop(databaseUrl, { subscribers: [orm.Subscriber], cache: orm.queryCache({ ttl: TTL }) })
  return { dataSource, cache, orm }
}

type Open = (databaseUrl: string, redisUrl: string) => Promise<ShopArm>

export const ARMS = {
  'TypeORM, no cache': async (databaseUrl) => ({ dataSource: await openShop(databaseUrl, {}) }),
  "TypeORM's own cache, Redis": async (databaseUrl, redisUrl) => ({
    dataSource: await openShop(databaseUrl, { cache: { type: 'ioredis', options: redisUrl, duration: TTL } }),
  }),
  'stratacache, memory': (databaseUrl) => withCache(databaseUrl, createCache({ tiers: [memory(ALL)] })),
  'stratacache, Redis': (databaseUrl, redisUrl) => withCache(databaseUrl, createCache({ tiers: [memory(NONE), redis({ url: redisUrl })] })),
  'stratacache, memory and Redis': (databaseUrl, redisUrl) => withCache(databaseUrl, createCache({ tiers: [memory(ALL), redis({ url: redisUrl })] })),
  'stratacache, outbox': async (databaseUrl, redisUrl) => {
    const plain = await openShop(databaseUrl, {})
    await createOutbox(plain.createQueryRunner())
    await plain.destroy()
    return withCache(databaseUrl, createCache({ tiers: [memory(ALL), redis({ url: redisUrl })] }), true)
  },
} satisfies Record<string, Open>

export type ArmName = keyof typeof ARMS
