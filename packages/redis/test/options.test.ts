import { ConfigError } from '@stratacache/core'
import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5'
import { createClient, createClientPool, createCluster } from 'redis'
import { describe, expect, it } from 'vitest'
import { redis, type RedisOptions } from '../src/index.ts'

function issuesOf(options: object): string {
  try {
    redis(options as RedisOptions)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).message
  }
  throw new Error('it was accepted')
}

describe('options', () => {
  it('have defaults', () => {
    const tier = redis({ url: 'redis://localhost' })
    expect(tier).toMatchObject({ kind: 'shared', name: 'redis', serializer: { name: 'structured' } })
    expect(tier.open()).toMatchObject({ name: 'redis', leaseTtl: 15_000, heartbeat: 1_000, commandTimeout: 500 })
  })

  it('take numbers, durations, a prefix and a serializer', () => {
    const serializer = { name: 'mine', serialize: () => new Uint8Array(), deserialize: () => undefined }
    const tier = redis({ url: 'rediss://localhost', leaseTtl: 20, heartbeat: '2s', commandTimeout: '1m', prefix: 'π', serializer, minReplicas: 2, logLength: 1 })
    expect(tier.serializer).toBe(serializer)
    expect(tier.open()).toMatchObject({ leaseTtl: 20, heartbeat: 2_000, commandTimeout: 60_000 })
  })

  it('are wrong all at once, each with its rule and value', () => {
    const message = issuesOf({ prefix: 'a{b', leaseTtl: 'soon', heartbeat: 0, commandTimeout: Infinity, minReplicas: 1.5, logLength: 0, serializer: {}, ttl: 5 })
    expect(message.split('; ')).toEqual([
      expect.stringMatching(/^ttl must be one of the options url, .*, got 5$/),
      'prefix must be a non-empty string without braces and lone surrogates, got "a{b"',
      'serializer must be a Serializer: { name, serialize, deserialize }, got an object',
      expect.stringMatching(/^leaseTtl must be a number of milliseconds .*, got "soon"$/),
      'heartbeat must be at least 1 ms and finite, got 0',
      'commandTimeout must be at least 1 ms and finite, got Infinity',
      'minReplicas must be an integer >= 0, got 1.5',
      'logLength must be an integer >= 1, got 0',
      'url must be given, or client, got undefined',
    ])
    for (const prefix of ['', '}', '\ud800', 7]) expect(issuesOf({ url: 'redis://localhost', prefix })).toMatch(/^prefix must be/)
  })

  it('name exactly one server, and keep its credentials to themselves', () => {
    const client = new Redis({ lazyConnect: true })
    expect(issuesOf({ url: 'redis://localhost', client })).toBe('url must be left out where client is given, got "redis://localhost"')
    const secrets = [
      'http://user:secret@host',
      'user:secret@host:6379',
      'redis//:secret@host',
      'redis://user:se@cret@',
      'redis://:se?cret@host:x',
      'redis://:se#cret/@host:-1',
      'tcp://host:1?password=secret',
      'tcp://host:1#secret',
    ]
    for (const url of secrets) {
      expect(issuesOf({ url })).toMatch(/^url must be a redis:\/\/ or rediss:\/\/ URL, got ".*\*\*\*/)
      expect(issuesOf({ url })).not.toMatch(/secret|cret/)
      expect(issuesOf({ url, client })).not.toMatch(/secret|cret/)
    }
    expect(issuesOf({ url: 6379 })).toBe('url must be a redis:// or rediss:// URL, got 6379')
  })

  it('tell clients by their shape', () => {
    const pool = createClientPool()
    for (const client of [{}, null, 'redis', new Redis({ lazyConnect: true }).pipeline(), pool]) {
      expect(issuesOf({ client })).toMatch(/^client must be an ioredis Redis or Cluster, or a node-redis client or cluster, got/)
    }
    const accepted: RedisOptions[] = [
      { client: new Redis({ lazyConnect: true }) },
      { client: new Redis5({ lazyConnect: true }) },
      { client: new Cluster([], { lazyConnect: true }) },
      { client: new Cluster5([], { lazyConnect: true }) },
      { client: createClient() },
      { client: createClient({ RESP: 2 }) },
      { client: createCluster({ rootNodes: [{}] }) },
    ]
    const stores = accepted.map((options) => redis(options).open().constructor.name)
    expect(stores).toEqual(['StandaloneStore', 'StandaloneStore', 'ClusterStore', 'ClusterStore', 'StandaloneStore', 'StandaloneStore', 'ClusterStore'])
  })
})
