import type { LogReader, SharedStore } from '@stratacache/core'
import { Cluster } from 'ioredis'
import { startRedisCluster } from 'test-support'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { ClusterStore } from '../src/cluster-store.ts'
import { driverFor } from '../src/detect.ts'
import type { Driver } from '../src/driver.ts'
import { resolveOptions } from '../src/options.ts'
import { STAMP } from '../src/scripts/clock.ts'
import { KILL_SLOT } from '../src/scripts/invalidate.ts'
import { LEASE_ONE } from '../src/scripts/lease.ts'
import { APPEND_RECORD } from '../src/scripts/log.ts'
import type { Script } from '../src/scripts/script.ts'
import { WRITE_ONE } from '../src/scripts/write.ts'
import { aFill, anInvalidation, aWrite, envelope, stored, tierError } from './drafts.ts'

const servers = await startRedisCluster()
const client = new Cluster(servers.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
await client.ping()

let store: Steps
let log: LogReader
let tail: number

/** A store whose next command with a script waits at a gate, or fails. */
type Steps = SharedStore & {
  hold(script: Script): { reached: Promise<void>; release(): void }
  break(script: Script): void
}

function withSteps(): Steps {
  const real = driverFor(client)!
  const gates = new Map<string, { reach(): void; released: Promise<void> } | 'broken'>()
  const driver: Driver = Object.create(real, {
    state: { get: () => real.state },
    mget: { value: (keys: string[]) => real.mget(keys) },
    dedicate: { value: (key: string, ms: number) => real.dedicate(key, ms) },
    begin: { value: () => real.begin() },
    close: { value: () => real.close() },
    send: {
      value: async (key: string, name: string, args: string[]) => {
        const gate = gates.get(args[0]!)
        gates.delete(args[0]!)
        if (gate === 'broken') throw new Error('READONLY broken on purpose')
        gate?.reach()
        await gate?.released
        return real.send(key, name, args)
      },
    },
  }) as Driver
  const options = { ...resolveOptions({ client }).store, commandTimeout: 10_000, openDriver: () => driver }
  return Object.assign(new ClusterStore(options), {
    hold: ({ sha }: Script) => {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      gates.set(sha, { reach: () => reached.resolve(), released: released.promise })
      return { reached: reached.promise, release: () => released.resolve() }
    },
    break: ({ sha }: Script) => void gates.set(sha, 'broken'),
  })
}

const write = (value: string, version?: bigint) => store.write(aWrite('k', { entry: envelope(value), version }))
const records = async () => (await log.read(tail, 0)).records

beforeEach(async () => {
  await Promise.all(client.nodes('master').map((node) => node.flushall()))
  store = withSteps()
  log = await store.openLog()
  tail = (await log.start()).tail
  // For the servers to know the scripts.
  await write('warm')
  await aFill(store, 'warm')
  await store.invalidate(anInvalidation({ keys: ['k'] }))
  tail = (await log.start()).tail
})
afterAll(async () => {
  client.disconnect()
  await servers.stop()
})

it('a write that is stored after one with a later stamp is ordered behind it', async () => {
  const gate = store.hold(WRITE_ONE)
  const first = write('first')
  await gate.reached
  const second = await write('second')
  gate.release()
  const reply = await first
  expect([reply.status, second.status]).toEqual(['stored', 'stored'])
  const stamps = (await records()).map(({ stamp }) => stamp)
  expect(stamps).toEqual([(second as { stamp: number }).stamp, (reply as { stamp: number }).stamp])
  expect(await stored(store, 'k')).toMatchObject({ value: 'first', asOf: stamps[1] })
})

it('a write that was replaced before it reached the log is superseded', async () => {
  const gate = store.hold(APPEND_RECORD)
  const first = write('first')
  await gate.reached
  const second = (await write('second')) as { stamp: number }
  gate.release()
  expect(await first).toEqual({ status: 'superseded' })
  expect(await stored(store, 'k')).toMatchObject({ value: 'second', asOf: second.stamp })
})

it('a write that was invalidated before it reached the log is superseded', async () => {
  const gate = store.hold(APPEND_RECORD)
  const first = write('first')
  await gate.reached
  await store.invalidate(anInvalidation({ keys: ['k'] }))
  gate.release()
  expect(await first).toEqual({ status: 'superseded' })
  expect(await stored(store, 'k')).toBeUndefined()
})

it('a write takes the stamp of its record where others were logged meanwhile', async () => {
  const gate = store.hold(APPEND_RECORD)
  const writing = write('mine')
  await gate.reached
  const other = await store.invalidate(anInvalidation({ keys: ['other'] }))
  gate.release()
  const reply = (await writing) as { stamp: number }
  expect(reply.stamp).toBeGreaterThan(other.stamp)
  expect(await stored(store, 'k')).toMatchObject({ value: 'mine', asOf: reply.stamp })
  expect((await records()).map(({ stamp }) => stamp)).toEqual([other.stamp, reply.stamp])
})

it('a newer version is stored over an older one that was stamped later (G4)', async () => {
  const gate = store.hold(WRITE_ONE)
  const newer = write('newer', 2n)
  await gate.reached
  const appending = store.hold(APPEND_RECORD)
  const older = write('older', 1n)
  await appending.reached
  gate.release()
  const reply = (await newer) as { stamp: number }
  expect(reply).toMatchObject({ status: 'stored' })
  appending.release()
  expect(await older).toEqual({ status: 'superseded' })
  expect(await stored(store, 'k')).toMatchObject({ value: 'newer', asOf: reply.stamp })
})

it('an invalidation is stamped before it changes anything and logged after', async () => {
  expect(await store.fill(await aFill(store, 'k'))).toBe(true)
  const gate = store.hold(KILL_SLOT)
  const invalidating = store.invalidate(anInvalidation({ keys: ['k'] }))
  await gate.reached
  expect([(await stored(store, 'k'))!.value, await records()]).toEqual(['loaded', []])
  const other = await store.invalidate(anInvalidation({ keys: ['other'] }))
  gate.release()
  const { stamp } = await invalidating
  expect(stamp).toBeGreaterThan(other.stamp)
  expect(await stored(store, 'k')).toBeUndefined()
  expect((await records()).map((record) => record.stamp)).toEqual([other.stamp, stamp])
})

it('an invalidation that fails on one slot is rejected and not logged', async () => {
  store.break(KILL_SLOT)
  const { message } = await tierError(store.invalidate(anInvalidation({ keys: ['a', 'b', 'c'] })))
  expect(message).toBe('tier "redis": invalidate failed (READONLY)')
  expect(await records()).toEqual([])
})

it('a lease without a stamp is given back', async () => {
  const gate = store.hold(LEASE_ONE)
  store.break(STAMP)
  const failed = tierError(store.lease([{ key: 'k', token: 'mine', ttlMs: 60_000, seen: 0 }]))
  await gate.reached
  gate.release()
  await failed
  await expect.poll(() => store.inspect('k')).toEqual({ lease: undefined })
})
