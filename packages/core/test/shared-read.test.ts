import { createCache, type SharedStore, tierChannel } from '@stratacache/core'
import { sharedTier, structuredSerializer } from '@stratacache/core/shared'
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

describe('a read of several nodes', () => {
  it('that missed the stamps of the namespace, made by the fill that stored the entry, asks for them again', async () => {
    const town = new SharedMemory()
    let missing = 1
    const open = (): SharedStore => {
      const store = town.open()
      const read: SharedStore['read'] = async (request) => {
        const { tags, ...reply } = await store.read(request)
        const isCold = request.keys.length > 0 && missing-- > 0
        return { ...reply, tags: isCold ? tags.map(() => undefined) : tags }
      }
      return new Proxy(store, {
        get(_, name) {
          const own: unknown = name === 'read' ? read : Reflect.get(store, name, store)
          return typeof own === 'function' ? (own as () => unknown).bind(store) : own
        },
      })
    }
    await using writer = createCache({ tiers: [town.tier()] })
    await using reader = createCache({ tiers: [sharedTier({ name: 'nodes', serializer: structuredSerializer(), open })] })
    await Promise.all([writer.ready(), reader.ready()])
    await writer.set('k', 'stored')
    expect(await reader.getOrSet('k', () => 'loaded')).toBe('stored')
    // Gone for good, they cost a load.
    town.state.tags.clear()
    expect(await reader.getOrSet('k', () => 'loaded')).toBe('loaded')
  })
})
