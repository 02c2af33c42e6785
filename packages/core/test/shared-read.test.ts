import { createCache, tierChannel } from '@stratacache/core'
import { SharedMemory } from '@stratacache/core/testing'
import { afterEach, describe, expect, it } from 'vitest'

const events: string[] = []
const onStart = (message: unknown): void => {
  const { operation } = message as { operation: string }
  if (operation === 'read' || operation === 'lease') events.push(operation)
}

afterEach(() => {
  tierChannel.start.unsubscribe(onStart)
  events.length = 0
})

describe('many reads of one turn', () => {
  const keys = Array.from({ length: 70 }, (_, index) => `k${index}`)

  it('are one command, and what the first callers ask next is sent before the last are answered', async () => {
    const town = new SharedMemory()
    await using cache = createCache({ tiers: [town.tier()], ttl: '1h' })
    await cache.ready()
    await Promise.all(keys.map((key) => cache.set(key, key)))
    tierChannel.start.subscribe(onStart)
    const values = await Promise.all(
      keys.map(async (key, index) => {
        const value = await cache.get(key)
        if (index === 0 || index === 69) events.push(`answered ${key}`)
        if (index < 10) await cache.get(key)
        return value
      }),
    )
    expect(values).toEqual(keys)
    expect(events).toEqual(['read', 'answered k0', 'read', 'answered k69'])
  })

  it('that all have to load ask for their leases together', async () => {
    const town = new SharedMemory()
    await using cache = createCache({ tiers: [town.tier()], ttl: '1h' })
    await cache.ready()
    await Promise.all(keys.slice(0, 35).map((key) => cache.set(key, key)))
    tierChannel.start.subscribe(onStart)
    await Promise.all(keys.map((key) => cache.getOrSet(key, () => key)))
    expect(events).toEqual(['read', 'lease'])
  })
})
