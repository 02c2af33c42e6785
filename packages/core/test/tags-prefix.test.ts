import { createCache, memory } from '@stratacache/core'
import { SharedMemory } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'

/** Two caches of one name over one backend, as two processes would have them. */
function processes(prefixes: readonly (string | undefined)[], backend = new SharedMemory()) {
  return prefixes.map((tagsPrefix) => createCache({ name: 'app', tagsPrefix, tiers: [memory({ maxEntries: 10 }), backend.tier()] }))
}

describe('tagsPrefix', () => {
  it('stands before the tags of sets, of loads, of the cache and of invalidations', async () => {
    const backend = new SharedMemory()
    const cache = createCache({ name: 'app', tagsPrefix: 'p-', tags: ['own'], tiers: [memory({ maxEntries: 10 }), backend.tier()] })
    await cache.ready()
    await cache.set('a', 1, { tags: ['t'] })
    await cache.getOrSet('b', () => 2, { tags: ['u'] })
    await cache.invalidateTags('v')
    expect([...backend.state.tags.keys()].filter((tag) => tag.includes(':')).toSorted()).toEqual(['app:p-own', 'app:p-t', 'app:p-u', 'app:p-v'])
    expect(backend.state.log.at(-1)!.tags).toEqual(['app:p-v'])
    await cache.close()
  })

  it.each(['u', 'own', 'a'])('invalidates in this process and in another: %s', async (tag) => {
    const [first, second] = processes(['p-', 'p-']) as [ReturnType<typeof createCache>, ReturnType<typeof createCache>]
    await Promise.all([first.ready(), second.ready()])
    await first.set('k', 1, { tags: ['u', 'own', 'a'] })
    expect(await second.get('k')).toBe(1)
    await second.invalidateTags(tag)
    expect(await second.get('k')).toBeUndefined()
    expect(await first.get('k')).toBeUndefined()
    await Promise.all([first.close(), second.close()])
  })

  it('keeps tags of other caches apart, and says what the user said', async () => {
    const backend = new SharedMemory()
    const tier = backend.tier()
    const users = createCache({ name: 'users', tagsPrefix: 'u-', tiers: [memory({ maxEntries: 10 }), tier] })
    const pages = createCache({ name: 'pages', tiers: [memory({ maxEntries: 10 }), tier] })
    await Promise.all([users.ready(), pages.ready()])
    await users.set('k', 1, { tags: ['t'] })
    await pages.set('k', 1, { tags: ['t', 'u-t'] })
    expect((await users.explain('k')).tiers[0]!.tags).toMatchObject([{ tag: '*' }, { tag: 'users' }, { tag: 't', hard: 0 }])
    await users.invalidateTags('t')
    await users.set('l', 1, { tags: ['t'] })
    expect((await users.explain('l')).tiers[0]!.tags!.at(-1)!.hard).toBeGreaterThan(0)
    expect(await users.get('k')).toBeUndefined()
    expect(await pages.get('k')).toBe(1)
    await Promise.all([users.close(), pages.close()])
  })

  it('holds without a shared tier, in namespaces, and while the tier is away', async () => {
    await using local = createCache({ tagsPrefix: 'p-' })
    const child = local.namespace('child')
    await local.set('k', 1, { tags: ['t'] })
    await child.set('k', 2, { tags: ['t'] })
    await child.invalidateTags('t')
    expect(child.getSync('k')).toBeUndefined()
    expect(local.getSync('k')).toBe(1)
    await local.expire({ tags: ['t'] })
    expect(local.getSync('k')).toBeUndefined()

    const backend = new SharedMemory()
    const [cache] = processes(['p-'], backend) as [ReturnType<typeof createCache>]
    await cache.ready()
    await cache.set('k', 1, { tags: ['t'] })
    backend.faults.down()
    expect(await cache.invalidateTags('t')).toEqual({ status: 'queued' })
    backend.faults.up()
    expect(await cache.get('k')).toBeUndefined()
    await cache.close()
  })

  it('holds for what is loaded while its invalidation is queued', async () => {
    const backend = new SharedMemory()
    const cache = createCache({ tagsPrefix: 'p-', replicaLag: '1m', tiers: [memory({ maxEntries: 10 }), backend.tier()] })
    await cache.ready()
    backend.faults.down()
    expect(await cache.invalidateTags('t')).toEqual({ status: 'queued' })
    // Replicas may not have what was written before the invalidation.
    expect(await cache.getOrSet('k', () => 1, { tags: ['t'] })).toBe(1)
    expect(cache.getSync('k')).toBeUndefined()
    expect(await cache.getOrSet('l', () => 1, { tags: ['p-t'] })).toBe(1)
    expect(cache.getSync('l')).toBe(1)
    await cache.close()
  })

  it('is text', () => {
    expect(() => createCache({ tagsPrefix: '\ud800' })).toThrow('tagsPrefix must be a string without lone surrogates')
  })
})
