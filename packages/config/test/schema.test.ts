import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { type CachesConfig, ConfigError, createCaches } from '@stratacache/core'
import { redis } from '@stratacache/redis'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { shippedSchema } from '../scripts/shipped-schema.ts'

const shipped = readFileSync(new URL('../schema.json', import.meta.url), 'utf8')
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(JSON.parse(shipped) as object)
const fixture = (name: string): unknown => parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'))

/** A configuration that holds one cache, or one tier. */
const cache = (data: unknown) => ({ tiers: { l1: { use: 'memory', maxEntries: 1 } }, caches: { a: data } })
const tier = (data: unknown) => ({ tiers: { t: data }, caches: {} })

function isAccepted(config: unknown): boolean {
  try {
    void createCaches(config as CachesConfig, { registry: [redis.fromConfig], env: { X: '1' } }).close()
    return true
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

it('the schema that is shipped is that of the shapes (pnpm --filter @stratacache/config run schema)', () => {
  expect(shipped).toBe(shippedSchema())
})

describe('the schema', () => {
  it.each([
    fixture('shop.json'),
    { caches: {} },
    cache({}),
    cache(null),
    cache({ tiers: ['l1'], memory: { maxBytes: 5 } }),
    cache({ ttl: 500, staleIfError: '1.5h', jitter: 0, tags: [], tagsPrefix: 'a', circuitBreaker: { failures: 1 } }),
    cache({ ttl: '${X}', jitter: '${X}', circuitBreaker: { failures: '${X}' }, memory: { maxEntries: '${X}' } }),
    cache({ read: 'refreshAhead' }),
    cache({ read: { use: 'refreshAhead', at: 0.5 } }),
    cache({ read: { use: 'probabilisticRefresh' } }),
    tier({ use: 'memory', maxBytes: 1, policy: 'lru', copy: 'clone' }),
    tier({ use: 'redis', url: 'redis://host', prefix: 'p', leaseTtl: '10s', logLength: 5, minReplicas: 0 }),
  ])('takes what createCaches takes: %j', (config) => {
    expect(isAccepted(config)).toBe(true)
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true)
  })

  it.each([
    {},
    [],
    { caches: [] },
    { caches: {}, cachs: {} },
    cache(5),
    cache({ ttll: '5m' }),
    cache({ ttl: '5 minutes' }),
    cache({ ttl: -1 }),
    cache({ jitter: 1.5 }),
    cache({ tags: 'a' }),
    cache({ tags: [1] }),
    cache({ tiers: [] }),
    cache({ circuitBreaker: { failures: 0.5 } }),
    cache({ circuitBreaker: { failing: 1 } }),
    cache({ memory: { maxEntries: 0 } }),
    cache({ memory: { policy: 'fifo' } }),
    cache({ read: { use: 'refreshAhead', at: 1 } }),
    cache({ read: { use: 'refreshAhead', beta: 1 } }),
    cache({ read: {} }),
    cache({ name: 'b' }),
    tier({ use: 'memory' }),
    tier({ use: 'memory', maxEntries: '5' }),
    tier({ use: 'memory', maxEntires: 5 }),
    tier({ use: 'redis' }),
    tier({ use: 'redis', url: 5 }),
    tier({ use: 'redis', url: 'redis://host', client: {} }),
    tier({}),
  ])('refuses what createCaches refuses: %j', (config) => {
    expect(isAccepted(config)).toBe(false)
    expect(validate(config)).toBe(false)
  })

  it('lets kinds through that it does not know', () => {
    expect(validate(tier({ use: 'mine', anything: { at: 'all' } }))).toBe(true)
    expect(validate(cache({ read: 'mine' }))).toBe(true)
    expect(validate(cache({ read: { use: 'mine', x: 1 } }))).toBe(true)
  })

  it('tells editors what options are for, and what holds without them', () => {
    const { properties } = JSON.parse(shipped) as { properties: { caches: { additionalProperties: { properties: Record<string, { description?: string; default?: unknown }> } } } }
    const options = properties.caches.additionalProperties.properties
    expect(Object.entries(options).filter(([, { description }]) => !description)).toEqual([])
    expect(options.hardTimeout).toMatchObject({ default: '10s' })
  })
})
