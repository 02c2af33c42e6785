import { Redis } from 'ioredis'
import { startRedis } from 'test-support'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { redis, type RedisSettings } from '../src/index.ts'
import { Keys } from '../src/keys.ts'
import { aFill, anInvalidation, aWrite, stored } from './drafts.ts'

const server = await startRedis()
const admin = new Redis(server.url)
const keys = new Keys('strata')
const MINUTE = 60_000

afterAll(async () => {
  admin.disconnect()
  await server.stop()
})
beforeEach(async () => void (await admin.flushall()))

function open(settings: RedisSettings = {}) {
  const store = redis({ client: admin, ...settings }).open()
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() })
}

async function expectLife(key: string, ms: number): Promise<void> {
  const left = await admin.pttl(key)
  expect(left).toBeLessThanOrEqual(ms)
  expect(left).toBeGreaterThan(ms - 5_000)
}

it('a tag that nobody carries lives twice the longest lease, and its lag', async () => {
  await using store = open({ leaseTtl: '10s' })
  await store.invalidate(anInvalidation({ tags: ['hard'] }))
  await expectLife(keys.tag('hard'), 20_000)
  await store.invalidate(anInvalidation({ tags: ['soft'], soft: true }))
  await expectLife(keys.tag('soft'), 20_000)
  await store.invalidate(anInvalidation({ tags: ['lag'], lagMs: 30_000 }))
  await expectLife(keys.tag('lag'), 50_000)
  await store.invalidate(anInvalidation({ tags: ['lag'] }))
  await expectLife(keys.tag('lag'), 50_000)
})

it('records of tags outlive the entries that carry them', async () => {
  await using store = open()
  const log = await store.openLog()
  await log.start()
  await store.fill(await aFill(store, 'long', { tags: ['t'], ttlMs: 10 * MINUTE }))
  await expectLife(keys.tag('t'), 12 * MINUTE)
  await store.fill(await aFill(store, 'short', { tags: ['t'], ttlMs: MINUTE }))
  await expectLife(keys.tag('t'), 12 * MINUTE)
  await store.invalidate(anInvalidation({ tags: ['t'], soft: true }))
  await expectLife(keys.tag('t'), 12 * MINUTE)
  await store.write(aWrite('longer', { tags: ['t'], ttlMs: 20 * MINUTE }))
  await expectLife(keys.tag('t'), 22 * MINUTE)
  await store.write(aWrite('endless', { tags: ['t', 'u'], ttlMs: Infinity }))
  await store.fill(await aFill(store, 'again', { tags: ['t'], ttlMs: MINUTE }))
  expect(await Promise.all([keys.tag('t'), keys.tag('u'), keys.entry('endless')].map((key) => admin.pttl(key)))).toEqual([-1, -1, -1])
  await store.invalidate(anInvalidation({ tags: ['t'] }))
  await expectLife(keys.tag('t'), 30_000)
})

it('a refused fill leaves no entry, no lease, and prolongs nothing', async () => {
  await using store = open()
  const fill = await aFill(store, 'k', { tags: ['t'], ttlMs: 10 * MINUTE })
  await store.invalidate(anInvalidation({ tags: ['t'] }))
  expect(await store.fill(fill)).toBe(false)
  await expectLife(keys.tag('t'), 30_000)
  expect(await admin.exists(keys.entry('k'), keys.lease('k'))).toBe(0)
})

it('a soft invalidation keeps the time an entry has to live', async () => {
  await using store = open()
  await store.fill(await aFill(store, 'k', { ttlMs: 10 * MINUTE }))
  await store.invalidate(anInvalidation({ keys: ['k'], soft: true }))
  expect((await stored(store, 'k'))!.freshUntil).toBeLessThan(Infinity)
  await expectLife(keys.entry('k'), 10 * MINUTE)
})

it('a soft invalidation with a lag bars fills as well', async () => {
  await using store = open()
  await store.invalidate(anInvalidation({ keys: ['k'], tags: ['t'], soft: true, lagMs: 10_000 }))
  expect((await store.lease([{ key: 'k', token: 't', ttlMs: 1_000, seen: 0 }]))[0]!.status).toBe('barred')
  expect(await store.fill(await aFill(store, 'j', { tags: ['t'] }))).toBe(false)
})

it('the log is trimmed: a reader left behind sees the gap, and a fill from before it is refused', async () => {
  await using store = open({ logLength: 10 })
  const log = await store.openLog()
  const { tail } = await log.start()
  const fill = await aFill(store, 'k', { tags: ['never seen'] })
  for (let i = 0; i < 300; i++) await store.invalidate(anInvalidation({ keys: [`${i}`] }))
  expect(await admin.xlen(keys.log)).toBeLessThan(150)
  const { records } = await log.read(tail, 0)
  expect(records[0]!.prev).toBeGreaterThan(tail)
  expect(records.at(-1)!.keys).toEqual(['299'])
  expect(await store.fill(fill)).toBe(false)
  expect(await store.fill(await aFill(store, 'k', { tags: ['never seen'] }))).toBe(true)
})

it('a log of more than a thousand records since a load is not searched to its end', async () => {
  await using store = open()
  const log = await store.openLog()
  await log.start()
  const [near, far] = [await aFill(store, 'near', { tags: ['t'] }), await aFill(store, 'far', { tags: ['u'] })]
  await Promise.all(Array.from({ length: 900 }, (_, i) => store.invalidate(anInvalidation({ keys: [`${i}`] }))))
  expect(await store.fill(near)).toBe(true)
  await Promise.all(Array.from({ length: 300 }, (_, i) => store.invalidate(anInvalidation({ keys: [`${i}`] }))))
  expect(await store.fill(far)).toBe(false)
})

it('stamps go on from the log when the clock was lost and the time stepped back', async () => {
  await using store = open()
  const ahead = 9e15
  await admin.set(keys.clock, String(ahead))
  expect((await store.invalidate(anInvalidation({ keys: ['k'] }))).stamp).toBe(ahead + 1)
  await admin.del(keys.clock)
  expect((await aFill(store, 'k')).asOf).toBe(ahead + 2)
  expect((await store.invalidate(anInvalidation({ tags: ['t'] }))).stamp).toBe(ahead + 3)
  expect((await store.read({ keys: [], tags: ['t'] })).tags).toEqual([{ hard: ahead + 3, soft: 0 }])
  await admin.set(keys.clock, '5')
  expect((await store.invalidate(anInvalidation({ keys: ['k'] }))).stamp).toBe(ahead + 4)
})

it('a reader that begins finds the end of the log anew where its record was lost', async () => {
  await using store = open()
  const log = await store.openLog()
  const { tail } = await log.start()
  await admin.del(keys.tail)
  expect((await store.read({ keys: [], tags: [] })).tail).toBeUndefined()
  await log.start()
  expect((await store.read({ keys: [], tags: [] })).tail).toBe(tail)
})

it('records that cannot be read count as lost', async () => {
  await using store = open()
  const log = await store.openLog()
  await log.start()
  await admin.mset(keys.tag('t'), 'damaged', keys.tail, 'damaged')
  expect(await store.read({ keys: [], tags: ['t'] })).toEqual({ entries: [], tags: [undefined], tail: undefined })
  expect(await store.fill(await aFill(store, 'k', { tags: ['t'] }))).toBe(true)
  expect((await store.read({ keys: [], tags: ['t'] })).tags[0]!.hard).toBeGreaterThan(0)
})

it('everything is stored below the prefix', async () => {
  await using store = open({ prefix: 'mine' })
  await (await store.openLog()).start()
  await store.write(aWrite('k', { tags: ['t'] }))
  await aFill(store, 'l')
  expect((await admin.keys('*')).sort()).toEqual(['mine:1:e:{k}', 'mine:1:l:{l}', 'mine:1:t:{t}', 'mine:1:{log}', 'mine:1:{log}:clock', 'mine:1:{log}:tail'])
})
