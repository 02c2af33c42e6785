import { askRedis } from 'test-support'
import { type Fault, hold } from './fault.ts'

const POLICIES = ['noeviction', 'allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl']
/** Of what is used when the fault begins. */
const LEFT = 0.98

/** Too little memory, under each policy. */
export const memoryFaults: readonly Fault<'single'>[] = POLICIES.map((policy) => ({
  name: `maxmemory ${policy}`,
  topology: 'single',
  place: 'server',
  async run(stage) {
    const { port } = stage.backend.server
    const info = String(await askRedis(port, 'INFO', 'memory'))
    const used = Number(/used_memory:(\d+)/.exec(info)![1])
    await askRedis(port, 'CONFIG', 'SET', 'maxmemory-policy', policy)
    await askRedis(port, 'CONFIG', 'SET', 'maxmemory', String(Math.round(used * LEFT)))
    await hold(stage)
    await askRedis(port, 'CONFIG', 'SET', 'maxmemory', '0')
  },
}))
