import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { askRedis, startRedis } from '../src/index.ts'

test('answers as soon as it is started, and is gone once stopped', async () => {
  const redis = await startRedis()
  expect(await askRedis(redis.port, 'PING')).toBe('PONG')
  expect(await askRedis(redis.port, 'CONFIG', 'GET', 'save')).toEqual(['save', ''])
  await redis.stop()
  expect(existsSync(redis.dir)).toBe(false)
  await expect(askRedis(redis.port, 'PING')).rejects.toThrow('ECONNREFUSED')
})

test('passes arguments on', async () => {
  await using redis = await startRedis({ args: ['--maxmemory', '10mb'] })
  expect(await askRedis(redis.port, 'CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '10485760'])
})

test('a paused server answers once it is resumed', async () => {
  await using redis = await startRedis()
  redis.pause()
  let answered = false
  const reply = askRedis(redis.port, 'PING').finally(() => (answered = true))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(answered).toBe(false)
  redis.resume()
  expect(await reply).toBe('PONG')
})

test('a paused server can be stopped', async () => {
  const redis = await startRedis()
  redis.pause()
  await redis.stop()
  expect(existsSync(redis.dir)).toBe(false)
})

test('a killed server comes back on its port, without its data', async () => {
  await using redis = await startRedis()
  await askRedis(redis.port, 'SET', 'key', 'value')
  const { pid } = redis
  await redis.kill()
  await expect(askRedis(redis.port, 'PING')).rejects.toThrow('ECONNREFUSED')
  await redis.restart()
  expect(redis.pid).not.toBe(pid)
  expect(await askRedis(redis.port, 'GET', 'key')).toBeNull()
})

test('a persistent server keeps its data, unless restarted empty', async () => {
  await using redis = await startRedis({ persist: true })
  await askRedis(redis.port, 'SET', 'key', 'value')
  await redis.kill()
  await redis.restart()
  expect(await askRedis(redis.port, 'GET', 'key')).toBe('value')
  await redis.restart({ empty: true })
  expect(await askRedis(redis.port, 'GET', 'key')).toBeNull()
})

test('says what the server said when it does not start', async () => {
  await expect(startRedis({ args: ['--no-such-option', '1'] })).rejects.toThrow('no-such-option')
})
