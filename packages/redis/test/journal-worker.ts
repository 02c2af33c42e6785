import { appendFileSync, writeSync } from 'node:fs'
import { type Change, createCache, writeBehind } from '@stratacache/core'
import { redis } from '@stratacache/redis'

/* A process that writes behind with a journal in Redis, until it is killed: what it has accepted is a line of its output. */

const [url, source, name] = process.argv.slice(2) as [string, string, string]
const cache = createCache({ tiers: [redis({ url, leaseTtl: '500ms' })] })
const numbers = cache.collection('numbers', {
  load: (_key: string): number | undefined => undefined,
  writeMany: async (changes: readonly Change<string, number>[]) => {
    await new Promise((resolve) => setImmediate(resolve))
    appendFileSync(source, changes.map((change) => `${change.key}=${change.type === 'set' ? change.value : ''}\n`).join(''))
  },
  writeStrategy: writeBehind({ delay: '5ms', maxBatch: 7, journal: 'redis' }),
})
await cache.ready()

if (name === 'idle') {
  process.on('SIGTERM', () => void cache.close().then(() => process.exit(0)))
  setInterval(() => {}, 1_000)
  writeSync(1, 'ready\n')
} else {
  for (let value = 1; ; value++) {
    const key = `${name}:${value % 5}`
    await numbers.set(key, value)
    writeSync(1, `${key}=${value}\n`)
  }
}
