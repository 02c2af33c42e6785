import { ConfigError } from '@stratacache/core'
import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5'
import { createClient, createClientPool, createCluster } from 'redis'
import { inspect } from 'node:util'
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
      expect.stringMatching(/^leaseTtl must be a number of milliseconds .*, got "soon"$/),
      'heartbeat must be at least 1 ms and finite, got 0',
      'commandTimeout must be at least 1 ms and finite, got Infinity',
      'minReplicas must be an integer >= 0, got 1.5',
      'logLength must be an integer >= 1, got 0',
      'serializer must be a Serializer: { name, serialize, deserialize }, got an object',
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

  it('of compression and encryption are checked', () => {
    const url = 'redis://localhost'
    const rule = "compression must be 'zstd', 'gzip' or { algorithm, minBytes, level }, got"
    for (const compression of ['brotli', 7, null, {}, { algorithm: 'toString' }]) expect(issuesOf({ url, compression })).toContain(rule)
    expect(issuesOf({ url, compression: { algorithm: 'gzip', minBytes: -1, level: 10, window: 1 } }).split('; ')).toEqual([
      'compression.window must be one of the options algorithm, minBytes, level, got "***"',
      'compression.minBytes must be an integer >= 0, got -1',
      'compression.level must be an integer from 1 to 9, got 10',
    ])
    for (const encryption of ['secret', null, {}, { keys: [] }, { keys: 'secret' }]) {
      expect(issuesOf({ url, encryption })).toBe('encryption must be { keys: [{ id, secret }, ...] } with at least one key, got "***"')
    }
    const secret = 'c0ffee'.padEnd(64, '0')
    const keys = [{ id: 'a', secret }, { id: 'a', secret }, { id: '', secret: 'c0ffee' }, { id: 'ü'.repeat(128), secret: Buffer.alloc(31) }, null, { id: 'b', secret, algorithm: 'none' }]
    expect(issuesOf({ url, encryption: { keys } }).split('; ')).toEqual([
      'encryption.keys[2].id must be a string of 1 to 255 bytes without lone surrogates, got "***"',
      'encryption.keys[2].secret must be 32 bytes, or as many in hexadecimal or base64, got "***"',
      'encryption.keys[3].id must be a string of 1 to 255 bytes without lone surrogates, got "***"',
      'encryption.keys[3].secret must be 32 bytes, or as many in hexadecimal or base64, got "***"',
      'encryption.keys[4] must be { id, secret }, got "***"',
      'encryption.keys[5].algorithm must be one of the options id, secret, got "***"',
      'encryption.keys[1].id must be different from the ids before it, got "***"',
    ])
  })

  it('take a secret as bytes, in hexadecimal, and in base64 with and without padding', () => {
    const bytes = Buffer.alloc(32, 0xfe)
    const secrets = [bytes, new Uint8Array(bytes), bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64'), bytes.toString('base64url')]
    const keys = secrets.map((secret, index) => ({ id: String(index), secret }))
    expect(redis({ url: 'redis://localhost', encryption: { keys } })).toMatchObject({ kind: 'shared' })
    for (const secret of [bytes.toString('base64').slice(1), `${bytes.toString('hex')}0`, 'x'.repeat(64), [...bytes], new Uint16Array(32), undefined]) {
      expect(issuesOf({ url: 'redis://localhost', encryption: { keys: [{ id: 'a', secret }] } })).toMatch(/^encryption\.keys\[0\]\.secret must be/)
    }
  })

  it('show no secret, wherever it was put', () => {
    const secret = 'c0ffee'.padEnd(64, '0')
    const bytes = Buffer.from(secret, 'hex')
    const shownBy = (thing: unknown): string => `${inspect(thing, { depth: null, showHidden: true })} ${JSON.stringify(thing)}`
    const keys = [{ id: 'a', secret }, { id: 'b', secret: bytes }]
    const tier = redis({ url: 'redis://localhost', encryption: { keys } })
    const errors = [
      { encryption: { keys: [...keys, { id: 'c' }] } },
      { encryption: { keys: [{ id: secret, secret: 'a' }] } },
      { encryption: { keys: secret } },
      { encryption: { keys, secret } },
      { encryption: secret },
      { encrypton: { keys } },
      { secret },
      { keys },
    ].map((options) => {
      try {
        return redis({ url: 'redis://localhost', ...options } as unknown as RedisOptions)
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError)
        return error
      }
    })
    for (const thing of [tier, tier.open(), ...errors]) expect(shownBy(thing)).not.toMatch(/c0ffee|c0 ff ee|192,\s*255/i)
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
