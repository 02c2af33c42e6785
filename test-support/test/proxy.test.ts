import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { askRedis, startProxy, startRedis, until, type Proxy, type RedisServer } from '../src/index.ts'
import { encodeCommand, RespReader, type Reply } from '../src/resp.ts'

let redis: RedisServer
let proxy: Proxy
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  proxy = await startProxy(redis)
})
afterEach(() => proxy.stop())

async function openSocket(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function replies(socket: Socket, count: number): Promise<Reply[]> {
  const reader = new RespReader()
  const values: Reply[] = []
  while (values.length < count) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    values.push(...reader.push(chunk).map(({ value }) => value))
  }
  return values
}

test('passes everything through and counts it', async () => {
  const socket = await openSocket()
  socket.write(encodeCommand(['set', 'k', 'x'.repeat(200_000)]) + encodeCommand(['get', 'k']))
  expect(await replies(socket, 2)).toEqual(['OK', 'x'.repeat(200_000)])
  expect(proxy.stats.commands).toEqual(['SET 2', 'GET 1'])
  expect(proxy.stats.requestsInFlight).toBe(0)
  expect(proxy.stats.connections).toBe(1)
  proxy.stats.reset()
  expect(proxy.stats.commands).toEqual([])
  socket.end()
  await until('the connection to close', async () => proxy.stats.connections === 0)
})

test('parses commands across chunk boundaries', async () => {
  const socket = await openSocket()
  socket.setNoDelay()
  for (const byte of encodeCommand(['MGET', 'a', 'bé', 'c'])) {
    socket.write(byte)
    await new Promise(setImmediate)
  }
  await replies(socket, 1)
  expect(proxy.stats.commands).toEqual(['MGET 3'])
  expect(proxy.stats.roundTrips).toBe(1)
})

test('a pipeline is one round trip, commands in turn are one each', async () => {
  proxy.delay(5)
  const socket = await openSocket()
  for (let i = 0; i < 10; i++) socket.write(encodeCommand(['INCR', 'n']))
  await replies(socket, 10)
  expect(proxy.stats.roundTrips).toBe(1)
  proxy.stats.reset()
  for (let i = 0; i < 3; i++) {
    socket.write(encodeCommand(['PING']))
    await replies(socket, 1)
  }
  expect(proxy.stats.roundTrips).toBe(3)
})

test('a push is no reply', async () => {
  const socket = await openSocket()
  socket.write(encodeCommand(['HELLO', '3']) + encodeCommand(['CLIENT', 'TRACKING', 'ON']))
  await replies(socket, 2)
  socket.write(encodeCommand(['GET', 'tracked']))
  await replies(socket, 1)
  const pushed = once(socket, 'data')
  await askRedis(redis.port, 'SET', 'tracked', '1')
  expect(String(await pushed)).toContain('invalidate')
  expect(proxy.stats.requestsInFlight).toBe(0)
})

test('delay adds to the time of a reply', async () => {
  proxy.delay(50)
  const started = performance.now()
  await askRedis(proxy.port, 'PING')
  expect(performance.now() - started).toBeGreaterThanOrEqual(49)
})

test('up holds commands back, down holds replies back', async () => {
  await askRedis(redis.port, 'DEL', 'n')
  const socket = await openSocket()
  proxy.pauseDirection('up')
  socket.write(encodeCommand(['INCR', 'n']))
  await until('the command to reach the proxy', async () => proxy.stats.requestsInFlight === 1)
  expect(await askRedis(redis.port, 'EXISTS', 'n')).toBe(0)

  proxy.pauseDirection('down')
  proxy.resume('up')
  await until('the command to run', async () => (await askRedis(redis.port, 'GET', 'n')) === '1')
  expect(proxy.stats.requestsInFlight).toBe(1)

  proxy.resume()
  expect(await replies(socket, 1)).toEqual([1])
  expect(proxy.stats.requestsInFlight).toBe(0)
})

test('cut destroys connections and refuses new ones until restore', async () => {
  const socket = await openSocket()
  await until('the proxy to accept', async () => proxy.stats.connections === 1)
  const closed = once(socket, 'close')
  await proxy.cut()
  await closed
  expect(proxy.stats.connections).toBe(0)
  await expect(askRedis(proxy.port, 'PING')).rejects.toThrow('ECONNREFUSED')
  await proxy.restore()
  expect(await askRedis(proxy.port, 'PING')).toBe('PONG')
})
