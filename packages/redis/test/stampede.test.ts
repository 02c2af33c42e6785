import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { startRedis } from 'test-support'
import { afterAll, expect, it } from 'vitest'

const server = await startRedis()
const counter = new Redis(server.url)
const workers: ChildProcess[] = []

afterAll(async () => {
  for (const worker of workers) worker.kill()
  counter.disconnect()
  await server.stop()
})

const told = (worker: ChildProcess, message: string): Promise<unknown[]> =>
  new Promise((resolve, reject) => {
    worker.on('message', (received: unknown[]) => received[0] === message && resolve(received))
    worker.on('exit', (code) => reject(new Error(`a worker ended with ${code}`)))
  })

it('G3: 10,000 concurrent reads of one cold key over 4 processes load it once', async () => {
  const file = fileURLToPath(new URL('stampede-worker.ts', import.meta.url))
  for (let i = 0; i < 4; i++) workers.push(fork(file, [server.url]))
  await Promise.all(workers.map((worker) => told(worker, 'ready')))
  for (let round = 1; round <= 3; round++) {
    const done = Promise.all(workers.map((worker) => told(worker, `done ${round}`)))
    for (const worker of workers) worker.send(round)
    const answers = await done
    expect(answers).toEqual(workers.map(() => [`done ${round}`, 2_500, [`value ${round}`]]))
    expect(await counter.get(`loads:${round}`)).toBe('1')
  }
})
