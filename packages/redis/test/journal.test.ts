import { type Cache, type Change, createCache, type SharedJournal, type SharedStore, writeBehind } from '@stratacache/core'
import { Cluster, Redis } from 'ioredis'
import { createClient } from 'redis'
import { startProxy, startRedis, startRedisCluster, until } from 'test-support'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'

const server = await startRedis()
const cluster = await startRedisCluster()
const proxy = await startProxy(server)
const six = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
const admin = new Redis(server.url)
const node = await createClient({ url: server.url }).on('error', () => {}).connect()

afterAll(async () => {
  admin.disconnect()
  six.disconnect()
  node.destroy()
  await proxy.stop()
  await Promise.all([server.stop(), cluster.stop()])
})

const LEASE_TTL = 400
const opened: (SharedStore | Cache)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})
beforeEach(async () => {
  await admin.flushall()
  await Promise.all(six.nodes('master').map((master) => master.flushall()))
})

const bytes = (text: string): Uint8Array => Buffer.from(text)
const texts = (entries: readonly { readonly entry: Uint8Array }[]): string[] => entries.map(({ entry }) => Buffer.from(entry).toString())

describe.each([
  ['ioredis', { url: server.url }],
  ['node-redis', { client: node }],
  ['a Cluster', { client: six }],
] as [string, RedisOptions][])('the journal over %s', (_, options) => {
  /** As one process has it. One that asks nothing any more shows no sign of life. */
  async function journal(): Promise<SharedJournal> {
    const store = redis({ ...options, leaseTtl: LEASE_TTL }).open()
    opened.push(store)
    await store.connect()
    return store.journal!()
  }

  it('has nothing that belongs to a living process, and all that a dead one left, in order, once', async () => {
    const [dead, living, third] = [await journal(), await journal(), await journal()]
    for (const value of ['1', '2', '3']) await dead.append('c', `k${value}`, bytes(value))
    await living.append('c', 'own', bytes('own'))
    await dead.append('other', 'k', bytes('other'))
    expect(await third.adopt('c')).toEqual([])
    let adopted: Awaited<ReturnType<SharedJournal['adopt']>> = []
    await until('the dead one to be missed', async () => {
      await living.adopt('other')
      adopted = await living.adopt('c')
      return adopted.length > 0
    })
    expect(texts(adopted)).toEqual(['1', '2', '3'])
    expect(await third.adopt('c')).toEqual([])
    await living.done('c', adopted.map(({ id }) => id))
    // What is done is not left to anybody.
    let left: string[] = []
    await until('the second to be missed', async () => (left = texts(await third.adopt('c'))).length > 0)
    expect(left).toEqual(['own'])
  })

  it('drops what a newer change of the key has overtaken, also when that is done', async () => {
    const [dead, living] = [await journal(), await journal()]
    const backend = options.client === six ? six : admin
    await dead.append('c', 'a', bytes('a, old'))
    await dead.append('c', 'b', bytes('b, old'))
    await dead.append('c', 'd', bytes('d'))
    const id = await living.append('c', 'a', bytes('a, new'))
    const second = await living.append('c', 'b', bytes('b, new'))
    await living.done('c', [id])
    let adopted: Awaited<ReturnType<SharedJournal['adopt']>> = []
    await until('the dead one to be missed', async () => (adopted = await living.adopt('c')).length > 0)
    expect(texts(adopted)).toEqual(['d'])
    await living.done('c', [second, ...adopted.map((entry) => entry.id)])
    expect(await backend.exists('strata:1:j:{c}:newest')).toBe(0)
    expect((await backend.xpending('strata:1:j:{c}', 'strata'))[0]).toBe(0)
  })

  it('brings what several dead ones left in the order in which it was accepted', async () => {
    const [first, second, living] = [await journal(), await journal(), await journal()]
    for (const [index, dead] of [first, second, first, second].entries()) await dead.append('c', `k${index}`, bytes(String(index)))
    let adopted: string[] = []
    await until('both to be missed', async () => (adopted = [...adopted, ...texts(await living.adopt('c'))]).length === 4)
    expect(adopted).toEqual(['0', '1', '2', '3'])
  })

  it('leaves nothing behind when all is done', async () => {
    const store = await journal()
    const ids = [await store.append('c', 'a', bytes('1')), await store.append('c', 'a', bytes('2')), await store.append('c', 'b', bytes('3'))]
    await store.done('c', ids)
    await store.done('c', ids)
    expect(await (options.client === six ? six : admin).exists('strata:1:j:{c}:newest')).toBe(0)
  })
})

describe('a collection with journal: redis', () => {
  type Options = Partial<RedisOptions> & { readonly delay?: number; readonly isDown?: () => boolean }
  const source = new Map<string, number>()
  beforeEach(() => source.clear())

  function scores(url: string, { delay = 20, isDown = () => false, ...options }: Options = {}) {
    const cache = createCache({ tiers: [redis({ url, leaseTtl: LEASE_TTL, ...options } as RedisOptions)] })
    opened.push(cache)
    const writeMany = async (changes: readonly Change<string, number>[]): Promise<void> => {
      if (isDown()) throw new Error('down')
      for (const change of changes) if (change.type === 'set') source.set(change.key, change.value)
    }
    return cache.collection('scores', {
      load: (key: string) => source.get(key),
      writeMany,
      writeStrategy: writeBehind({ delay, journal: 'redis', drain: '200ms', retry: { maxBackoff: '100ms' } }),
    })
  }

  it('what a process could not write, another one writes', async () => {
    const living = scores(server.url)
    const dying = scores(server.url, { isDown: () => true })
    await dying.set('a', 1)
    await dying.set('b', 1)
    await living.set('b', 2)
    await opened.pop()!.close()
    await until('the other to write it', async () => source.has('a'))
    expect(source).toEqual(new Map([['b', 2], ['a', 1]]))
    expect(await living.get('a')).toBe(1)
  })

  it('is encrypted where the tier is', async () => {
    const secret = 'ab'.repeat(32)
    const encryption = { keys: [{ id: 'k', secret }] }
    const c = scores(server.url, { delay: 60_000, encryption })
    await c.set('a', 123_456_789)
    const [stream] = (await admin.keys('*')).filter((key) => key.includes(':j:') && !key.includes('alive') && !key.includes('newest'))
    const raw = JSON.stringify(await admin.xrange(stream!, '-', '+'))
    expect(raw).toContain('scores:a')
    expect(raw).not.toContain('123456789')
    await c.flush()
    expect(source.get('a')).toBe(123_456_789)
  })

  it('a change that cannot be read does not hold up the rest, and stays', async () => {
    const [stream, store] = ['default:scores', redis({ url: server.url, leaseTtl: LEASE_TTL }).open()]
    opened.push(store)
    await store.connect()
    const id = await store.journal!().append(stream, 'scores:x', bytes('not an envelope'))
    await opened.pop()!.close()
    const c = scores(server.url)
    await until('it to be adopted', async () => {
      const [[, , owner]] = (await admin.xpending('strata:1:j:{default:scores}', 'strata', '-', '+', 1)) as [[string, string, number]]
      return owner >= 0 && (await admin.keys('*alive*')).length === 1
    })
    await c.set('a', 1)
    await c.flush()
    expect(source.get('a')).toBe(1)
    expect((await admin.xrange('strata:1:j:{default:scores}', '-', '+')).map(([entry]) => entry)).toEqual([id])
  })

  it('a change whose append was not answered is not accepted, and not written later', async () => {
    const c = scores(proxy.url, { delay: 10, commandTimeout: '100ms' })
    await c.set('warm', 1)
    proxy.delay(150)
    await expect(c.set('a', 1)).rejects.toThrow()
    proxy.delay(0)
    await until('the entry to be disowned', async () => {
      const [stream] = (await admin.keys('*')).filter((key) => key.endsWith('{default:scores}'))
      return stream === undefined || (await admin.xlen(stream)) === 0
    })
    await opened.pop()!.close()
    await until('its sign of life to end', async () => (await admin.keys('*alive*')).length === 0)
    const store = redis({ url: server.url }).open()
    opened.push(store)
    expect(await store.journal!().adopt('default:scores')).toEqual([])
    expect(source.has('a')).toBe(false)
  })

  it('refuses changes while Redis is away, and takes them when it is back', async () => {
    const lane = await startProxy(server)
    const c = scores(lane.url, { commandTimeout: '200ms' })
    await c.set('a', 1)
    await lane.cut()
    await expect(c.set('a', 2)).rejects.toThrow()
    expect(source.get('a') ?? 1).toBe(1)
    await lane.restore()
    await until('a change to be accepted', async () => c.set('a', 3).then(() => true, () => false))
    await c.flush()
    expect(source.get('a')).toBe(3)
    await lane.stop()
  })

  it('what the journal was not told is done, because Redis was away, it is told later', async () => {
    const lane = await startProxy(server)
    const c = scores(lane.url, { commandTimeout: '200ms', delay: 60_000 })
    await c.set('a', 1)
    await lane.cut()
    await c.flush()
    expect(source.get('a')).toBe(1)
    await lane.restore()
    await until('the stream to be empty', async () => {
      const [stream] = (await admin.keys('*')).filter((key) => key.endsWith('{default:scores}'))
      return stream === undefined || (await admin.xlen(stream)) === 0
    })
    await lane.stop()
  })

  it('a tier of another name, or one that keeps no journal, is told', () => {
    const cache = createCache({ tiers: [redis({ url: server.url })] })
    opened.push(cache)
    expect(() => cache.collection('c', { load: () => 1, writeMany: () => {}, writeStrategy: writeBehind({ journal: 'shared' }) })).toThrow(
      "writeBehind.journal must be the name of a shared tier that can keep one; that of the cache is 'redis', got \"shared\"",
    )
  })
})
