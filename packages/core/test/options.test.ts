import { cacheAside, ConfigError, createCache, memory, refreshAhead, type Tier, writeBehind } from '@stratacache/core'
import { SharedMemory } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'
import { resolveSettings } from '../src/options.ts'

const issuesOf = (config: unknown): readonly { option: string }[] => {
  try {
    createCache(config as never)
  } catch (error) {
    if (error instanceof ConfigError) return error.issues
    throw error
  }
  return []
}

describe('configuration', () => {
  it('reports every mistake at once, with option, rule and value', () => {
    const config = {
      name: '',
      ttl: 'soon',
      jitter: 2,
      tags: 'users',
      hardTimeout: -1,
      circuitBreaker: { failures: 0, cooldown: 'x' },
      clock: {},
      tll: '5m',
      tiers: [memory({ maxEntries: 0 }), { kind: 'nothing' }],
    }
    expect(issuesOf(config).map((issue) => issue.option).toSorted()).toEqual(
      ['circuitBreaker.cooldown', 'circuitBreaker.failures', 'clock', 'hardTimeout', 'jitter', 'name', 'tags', 'tiers[0].maxEntries', 'tiers[1]', 'tll', 'ttl'],
    )
    expect(() => createCache(config as never)).toThrow("ttl must be a number of milliseconds >= 0 or a string such as '250ms', '30s', '5m', '1d', got \"soon\"")
  })

  it('options of one call are none of the cache', () => {
    expect(issuesOf({ version: 1, refresh: true, signal: new AbortController().signal })).toHaveLength(3)
  })

  it('a memory tier needs a bound', () => {
    expect(issuesOf({ tiers: [memory({} as never)] })).toMatchObject([{ option: 'tiers[0].maxEntries' }])
    expect(issuesOf({ tiers: [memory({ maxEntries: 1.5 })] })).toHaveLength(1)
    expect(issuesOf({ tiers: [memory({ maxEntries: 10, policy: 'fifo' as never })] })).toMatchObject([{ option: 'tiers[0].policy' }])
    expect(issuesOf({ tiers: [] })).toMatchObject([{ option: 'tiers' }])
  })

  it('a shared tier comes last, and once', () => {
    const shared: Tier = new SharedMemory().tier()
    expect(issuesOf({ tiers: [shared, memory({ maxEntries: 1 })] })).toMatchObject([{ option: 'tiers[0]' }])
    expect(issuesOf({ tiers: [shared, shared] })).toMatchObject([{ option: 'tiers[0]' }])
  })

  it('options of a call are checked too', async () => {
    const cache = createCache()
    await expect(cache.getOrSet('a', () => 1, { ttl: 'x' as never, jitter: -1 })).rejects.toMatchObject({ code: 'STRATA_CONFIG', issues: [{ option: 'ttl' }, { option: 'jitter' }] })
    await expect(cache.set('a', 1, { version: -1 })).rejects.toThrow('version must be')
    await expect(cache.set('a', 1, { version: 1.5 })).rejects.toThrow('version must be')
    await expect(cache.set('a', undefined)).rejects.toThrow('value must be defined')
    await expect(cache.invalidateTags(1 as never)).rejects.toThrow('tags must be')
    expect(() => cache.namespace('')).toThrow('name must be')
  })

  it('no option at all is fine', async () => {
    await using cache = createCache()
    expect(cache.name).toBe('default')
    expect(cache.stats().memory).toMatchObject({ maxEntries: 1000 })
    await cache.ready()
  })

  it('plugins are set up with the cache and torn down with it', async () => {
    const told: string[] = []
    const cache = createCache({
      plugins: [
        {
          name: 'logger',
          setup: (it) => {
            told.push(`up ${it.name}`)
            return () => void told.push('down')
          },
        },
      ],
    })
    await cache.close()
    await cache.close()
    expect(told).toEqual(['up default', 'down'])
    expect(issuesOf({ plugins: [{}] })).toMatchObject([{ option: 'plugins' }])
  })

  it('a write strategy has the shared tier that it needs', () => {
    expect(issuesOf({ write: writeBehind({ journal: 'redis' }) }).map(({ option }) => option)).toEqual(['write.journal'])
    expect(issuesOf({ write: writeBehind({ journal: 'shared' }), tiers: [new SharedMemory().tier()] })).toEqual([])
  })

  it('cacheAside, given or not, is no question to a hit', () => {
    expect(resolveSettings({ read: cacheAside() }).load.read).toBe(undefined)
    expect(resolveSettings({ read: refreshAhead() }).load.read?.name).toBe('refreshAhead')
  })
})
