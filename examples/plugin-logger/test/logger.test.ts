import { createCache, memory } from '@stratacache/core'
import { manualClock, SharedMemory } from '@stratacache/core/testing'
import { expect, it } from 'vitest'
import { logger, type LoggerOptions } from '../src/logger.ts'

interface Line {
  readonly event: string
  readonly repeated?: number
}

function world(options: LoggerOptions) {
  const clock = manualClock()
  const lines: Line[] = []
  const write = (line: string): void => void lines.push(JSON.parse(line) as Line)
  const plugins = [logger({ write, clock, windowMs: 1_000, ...options })]
  const backend = new SharedMemory({ clock })
  const cache = createCache({ clock, plugins, tiers: [memory({ maxEntries: 10 }), backend.tier()] })
  return { cache, clock, lines, events: () => lines.map(({ event, repeated }) => (repeated === undefined ? event : `${event} x${repeated}`)) }
}

it('writes what matters, and counts what repeats itself', async () => {
  const { cache, clock, lines, events } = world({})
  await cache.ready()
  lines.length = 0
  await cache.getOrSet('quiet', () => 1)
  const flap = async (): Promise<void> => {
    cache.tier('shared').disable()
    cache.tier('shared').enable()
    await clock.advance(100)
  }
  for (let round = 0; round < 3; round++) await flap()
  expect(events().filter((event) => event === 'tierDown')).toEqual(['tierDown'])
  expect(lines.find(({ event }) => event === 'tierDown')).toMatchObject({ level: 'warn', cache: 'default', tier: 'shared', error: 'STRATA_TIER' })
  await clock.advance(1_000)
  expect(events().filter((event) => event.startsWith('tierDown'))).toEqual(['tierDown', 'tierDown x2'])
  await flap()
  expect(events().filter((event) => event === 'tierDown')).toHaveLength(2)
  await cache.close()
})

it('writes a sample of the hits', async () => {
  const draws = [0.05, 0.1, 0.5]
  const { cache, events, lines } = world({ level: 'debug', sampleHits: 0.1, random: () => draws.shift() ?? 0.9 })
  await cache.set('k', 1)
  for (let read = 0; read < 3; read++) await cache.get('k')
  expect(events().filter((event) => event === 'hit')).toHaveLength(1)
  await cache.close()
  expect(lines.at(-1)).toMatchObject({ event: 'closed', counts: { hit: 3, set: 1 }, requests: { hit: 3 } })
})

it('a sink that throws harms nobody, and is told of at the end', async () => {
  const lines: string[] = []
  let isBroken = true
  const write = (line: string): void => {
    if (isBroken) throw new Error('disk full')
    lines.push(line)
  }
  const { cache, clock } = world({ write, level: 'debug', sampleHits: 1 })
  await cache.set('k', 1)
  expect([await cache.getOrSet('k', () => 2), await cache.get('k')]).toEqual([1, 1])
  for (let read = 0; read < 2; read++) await cache.getOrSet('bad', () => Promise.reject(new Error('no'))).catch(() => {})
  // What is written by a timer has nobody above it.
  await clock.advance(1_000)
  isBroken = false
  await cache.close()
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ event: 'closed', counts: { hit: 2, set: 1 } })
  expect((JSON.parse(lines.at(-1)!) as { lost: number }).lost).toBeGreaterThan(3)
})
