import { createCache, memory } from '@stratacache/core'
import { RefusedError } from '@stratacache/core/shared'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { startRedis, until } from 'test-support'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { asFailure } from '../src/failure.ts'
import { redis, type RedisOptions } from '../src/index.ts'
import { anInvalidation, aWrite, stored, tierError } from './drafts.ts'

const server = await startRedis({ args: ['--enable-debug-command', 'yes', '--loading-process-events-interval-bytes', '1024', '--rdbcompression', 'no'] })
const admin = new Redis(server.url)
const node = await createClient({ url: server.url }).on('error', () => {}).connect()

afterAll(async () => {
  admin.disconnect()
  node.destroy()
  await server.stop()
})
beforeEach(() => admin.flushall())

const clients: [string, RedisOptions][] = [
  ['url', { url: server.url }],
  ['a given node-redis', { client: node }],
]

describe.each(clients)('a server whose memory is full, through %s', (_, options) => {
  it('is read as ever, and takes what was queued when there is room', async () => {
    // Two that ask the server for everything, and one whose memory follows the log.
    const writer = createCache({ tiers: [redis({ url: server.url })] })
    const cache = createCache({ tiers: [redis(options)], circuitBreaker: { failures: 1, cooldown: 50 } })
    const follower = createCache({ tiers: [memory({ maxEntries: 100 }), redis({ url: server.url })] })
    await Promise.all([writer.ready(), cache.ready(), follower.ready()])
    for (const key of ['row', 'of the table', 'kept']) await writer.set(key, 'v1', { tags: key === 'of the table' ? ['table'] : [] })
    expect(await follower.get('of the table')).toBe('v1')
    const downs: unknown[] = []
    cache.on('tierDown', (event) => downs.push(event))
    cache.on('outOfStep', (event) => downs.push(event))
    await admin.config('SET', 'maxmemory', '1mb')
    try {
      expect(await cache.invalidate({ keys: ['row'], tags: ['table'] })).toEqual({ status: 'queued' })
      expect(await cache.set('written', 1)).toEqual({ status: 'queued' })
      expect(await cache.getOrSet('absent', () => 'of the source')).toBe('of the source')
      for (let i = 0; i < 20; i++) expect(await cache.getOrSet('kept', () => 'of the source')).toBe('v1')
      expect([await cache.get('row'), await cache.get('of the table')]).toEqual([undefined, undefined])
      expect([downs, cache.stats()]).toMatchObject([[], { queued: 3, inStep: true, tiers: { redis: { error: 0, hit: 20 } } }])
    } finally {
      await admin.config('SET', 'maxmemory', '0')
    }
    await until('the queue to be taken', async () => cache.stats().queued === 0)
    await until('the log to bring it', async () => follower.getSync('of the table') === undefined)
    expect([await writer.get('row'), await writer.get('of the table'), await writer.get('kept')]).toEqual([undefined, undefined, 'v1'])
    await Promise.all([writer.close(), cache.close(), follower.close()])
  })

  it('lets a process begin to follow the log', async () => {
    const first = createCache({ tiers: [redis({ url: server.url })] })
    await first.ready()
    await admin.config('SET', 'maxmemory', '1mb')
    try {
      await using second = createCache({ tiers: [redis(options)] })
      await second.ready()
    } finally {
      await admin.config('SET', 'maxmemory', '0')
    }
    await first.close()
  })
})

it('an error that an older server found in a script is told by its cause', () => {
  const error = (reply: string) => asFailure('write failed', new Error(`ERR Error running script (call to f_0): @user_script:5: @user_script: 5: -${reply} `))
  const [refused, away] = [error('OOM command not allowed when used memory > maxmemory.'), error("READONLY You can't write against a read only replica.")]
  expect([refused.message, refused instanceof RefusedError]).toEqual(['tier "redis": write failed (OOM)', true])
  expect([away.message, away instanceof RefusedError]).toEqual(['tier "redis": write failed (READONLY)', false])
})

describe.each(clients)('what the server answers with an error, through %s', (_, options) => {
  const set = async (name: string, value: string): Promise<void> => void (await admin.config('SET', name, value))
  const faults: [string, 'refuses' | 'is away', () => Promise<unknown>, () => Promise<unknown>][] = [
    ['OOM', 'refuses', () => set('maxmemory', '1mb'), () => set('maxmemory', '0')],
    ['NOREPLICAS', 'refuses', () => set('min-replicas-to-write', '1'), () => set('min-replicas-to-write', '0')],
    ['READONLY', 'is away', () => admin.replicaof('127.0.0.1', 1), () => admin.replicaof('NO', 'ONE')],
    ['LOADING', 'is away', () => set('key-load-delay', '1000'), () => set('key-load-delay', '0')],
    [
      'MASTERDOWN',
      'is away',
      () => Promise.all([set('replica-serve-stale-data', 'no'), admin.replicaof('127.0.0.1', 1)]),
      () => Promise.all([set('replica-serve-stale-data', 'yes'), admin.replicaof('NO', 'ONE')]),
    ],
  ]

  it.each(faults)('%s: the server %s', async (code, verdict, begin, end) => {
    const store = redis(options).open()
    await store.connect()
    await store.write(aWrite('k'))
    await begin()
    let reloading: Promise<unknown> = Promise.resolve()
    try {
      if (code === 'LOADING') {
        await admin.call('DEBUG', 'POPULATE', '500', 'filler', '4000')
        const loader = new Redis(server.url)
        reloading = loader.call('DEBUG', 'RELOAD').finally(() => loader.disconnect())
        await until('the server to be loading', () => admin.get('k').then(() => false, () => true), { everyMs: 1 })
      }
      const errors = await Promise.all([tierError(store.write(aWrite('k'))), tierError(store.invalidate(anInvalidation({ keys: ['k'] })))])
      expect(errors.map(({ message }) => message)).toEqual([`tier "redis": write failed (${code})`, `tier "redis": invalidate failed (${code})`])
      for (const error of errors) expect(error instanceof RefusedError).toBe(verdict === 'refuses')
      if (verdict === 'refuses') expect((await stored(store, 'k'))!.value).toBe('written')
    } finally {
      await reloading
      await end()
      await store.close()
    }
  })

  it('too few replicas refuse', async () => {
    const store = redis({ ...options, minReplicas: 1, commandTimeout: 20 }).open()
    const error = await tierError(store.invalidate(anInvalidation({ keys: ['k'] })))
    expect([error.message, error instanceof RefusedError]).toEqual(['tier "redis": acknowledged by 0 of 1 replicas', true])
    await store.close()
  })
})
