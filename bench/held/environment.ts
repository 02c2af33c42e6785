import { availableParallelism } from 'node:os'
import { askRedis, startRedis } from 'test-support'
import type { Results } from './results.ts'

/** Where and with what it runs; nothing that names the machine. */
export async function environment(): Promise<Omit<Results, 'sections' | 'command'>> {
  await using server = await startRedis()
  const [, redis = '?'] = /redis_version:(\S+)/.exec(String(await askRedis(server.port, 'INFO', 'server'))) ?? []
  return { node: process.version, redis, cpus: availableParallelism(), date: new Date().toISOString().slice(0, 10) }
}
