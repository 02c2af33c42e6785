import { appendFileSync, writeSync } from 'node:fs'
import { type Change, createCache, writeBehind } from '@stratacache/core'

/*
 * A process that writes behind, until it is told to end or is killed. Each change that was accepted is a line of its output;
 * the source is a file to which each batch appends its changes.
 */

const [mode, source, journal, first] = process.argv.slice(2) as ['write' | 'once' | 'fail' | 'recover', string, string, string]
const cache = createCache()
const numbers = cache.collection('numbers', {
  load: (_key: string): number | undefined => undefined,
  writeMany: async (changes: readonly Change<string, number>[]) => {
    await new Promise((resolve) => setImmediate(resolve))
    if (mode === 'fail') throw new Error('the source is down')
    appendFileSync(source, changes.map((change) => `${change.key}=${change.type === 'set' ? change.value : ''}\n`).join(''))
  },
  writeStrategy: writeBehind({ delay: mode === 'write' ? '5ms' : '1h', drain: mode === 'fail' ? '300ms' : '5s', maxBatch: 7, ...(journal !== '' && { journal: { path: journal } }) }),
})

const accepted = async (value: number): Promise<void> => {
  const key = `k${value % 5}`
  await numbers.set(key, value)
  writeSync(1, `${key}=${value}\n`)
}

if (mode === 'recover') {
  await numbers.flush()
  await cache.close()
} else if (mode !== 'write') {
  for (let value = 1; value <= 3; value++) await accepted(value)
  // Nothing keeps the process alive any more, unless it is to wait for a signal.
  if (first !== '') setInterval(() => {}, 1_000)
  if (first === 'listen') process.on('SIGTERM', () => setTimeout(() => process.exit(7), 500))
} else {
  for (let value = Number(first); ; value += 2) await Promise.all([accepted(value), accepted(value + 1)])
}
