import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { startSentinel, until } from 'test-support'
import { afterAll, describe, expect, it } from 'vitest'
import { redis } from '../src/index.ts'
import { anInvalidation, aWrite, stored, tierError } from './drafts.ts'

const setup = await startSentinel()
afterAll(() => setup.stop())

const options = () => ({ sentinels: [...setup.sentinels], name: setup.name, sentinelRetryStrategy: () => 20, retryStrategy: () => 20 })

// A failover on a busy machine takes its time.
describe.each([
  ['ioredis 6', () => new Redis(options()).on('error', () => {})],
  ['ioredis 5', () => new Redis5(options()).on('error', () => {})],
])('%s by way of Sentinel', (_, connect) => {

  it('follows a failover, with the log', async () => {
    const client = connect()
    const store = redis({ client }).open()
    const log = await store.openLog()
    await log.start()
    await store.write(aWrite('before'))
    await client.wait(1, 1_000)
    await setup.failover()
    await until('the new master to answer', async () => (await store.write(aWrite('after'))).status === 'stored')
    expect((await stored(store, 'before'))!.value).toBe('written')
    let reader = log
    await until('the log to answer from there', async () => {
      await reader.close()
      reader = await store.openLog()
      const { tail } = await reader.start()
      const { stamp } = await store.invalidate(anInvalidation({ keys: ['k'] }))
      return (await reader.read(tail, 0)).records.some((record) => record.stamp === stamp)
    })
    await store.close()
    client.disconnect()
  }, 60_000)

  it('has invalidations and writes acknowledged by replicas', async () => {
    const client = connect()
    const store = redis({ client, minReplicas: 1, commandTimeout: 400 }).open()
    await until('the replica to acknowledge', async () => (await store.invalidate(anInvalidation({ keys: ['k'] }))).stamp > 0)
    expect((await store.write(aWrite('k'))).status).toBe('stored')
    setup.replica.pause()
    const errors = await Promise.all([tierError(store.invalidate(anInvalidation({ keys: ['k'] }))), tierError(store.write(aWrite('k')))])
    setup.replica.resume()
    for (const { message } of errors) expect(message).toBe('tier "redis": acknowledged by 0 of 1 replicas')
    await until('the replica to acknowledge', async () => (await store.invalidate(anInvalidation({ keys: ['k'] }))).stamp > 0)
    const demanding = redis({ client, minReplicas: 2, commandTimeout: 50 }).open()
    await tierError(demanding.invalidate(anInvalidation({ keys: ['k'] })))
    await Promise.all([store.close(), demanding.close()])
    client.disconnect()
  })
})
