import { createCache, memory } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { Redis } from 'ioredis'

/* One process of the stampede: asks 2,500 times at once when it is told the round. */

const url = process.argv[2]!
const counter = new Redis(url)
const cache = createCache({ tiers: [memory({ maxEntries: 100 }), redis({ url })] })
await cache.ready()

const stampede = async (round: number): Promise<void> => {
  const load = async (): Promise<string> => {
    await counter.incr(`loads:${round}`)
    return `value ${round}`
  }
  const values = await Promise.all(Array.from({ length: 2_500 }, () => cache.getOrSet(`key:${round}`, load)))
  process.send!([`done ${round}`, values.length, [...new Set(values)]])
}
process.on('message', (round: number) => void stampede(round))
process.send!(['ready'])
