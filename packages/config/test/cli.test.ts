import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from 'test-support'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { stratacache } from './run-cli.ts'

const SECRET = 'hunter2'

describe('stratacache check', () => {
  it.each(['shop.yaml', 'shop.json', 'shop.ts', 'shop.mjs'])('%s is right', async (file) => {
    const { code, stdout, stderr } = await stratacache(['check', file])
    expect({ code, stdout: stdout.replace(/\d/g, 'n'), stderr }).toEqual({ code: 0, stdout: 'ok: n tiers, n caches\n'.replace('tiers', /json|mjs/.test(file) ? 'tier' : 'tiers'), stderr: '' })
  })

  it('tells every mistake, one a line, and no secret', async () => {
    const { code, stdout, stderr } = await stratacache(['check', 'mistakes.yaml'], { REDIS_URL: `redis://app:${SECRET}@host:1` })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).not.toContain(SECRET)
    expect(stderr.split('\n')).toEqual([
      'mistakes.yaml:2:3  defaults.jitter  must be a number from 0 to 1, got 2',
      "mistakes.yaml:6:5  tiers.l1.maxEntires  must be a known option (did you mean 'maxEntries'?), got \"***\"",
      "mistakes.yaml:9:5  tiers.l2.urll  must be a known option (did you mean 'url'?), got \"***\"",
      expect.stringMatching(/^mistakes\.yaml:10:5  tiers\.l2\.commandTimeout  must be a number of milliseconds .*, got "\$\{REDIS_URL\}"$/),
      "mistakes.yaml:12:5  tiers.l3.use  must be a known kind (did you mean 'redis'?), got \"reds\"",
      'mistakes.yaml:13:9  tiers.l4.use  must be a kind of an installed package (npm install @stratacache/sqlite), got "sqlite"',
      "mistakes.yaml:16:17  caches.users.tiers[1]  must be one of 'l1', 'l2', 'l3', 'l4', got \"l7\"",
      expect.stringMatching(/^mistakes\.yaml:17:5  caches\.users\.ttl  must be a number of milliseconds .*, got "5 minutes"$/),
      'mistakes.yaml:18:32  caches.users.read.at  must be a number above 0 and below 1, got 80',
      expect.stringMatching(/^mistakes\.yaml:20:5  caches\.pages\.ttl  must be a text whose variables are set: PAGES_TTL is not, .*, got "\$\{PAGES_TTL\}"$/),
      '',
    ])
  })

  it('connects to nothing', async () => {
    await using redis = await startRedis()
    redis.pause()
    expect(await stratacache(['check', 'shop.yaml'], { REDIS_URL: redis.url })).toMatchObject({ code: 0 })
  })

  it('says what to install', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stratacache-cli-'))
    try {
      writeFileSync(join(folder, 'cache.yaml'), 'tiers: { l2: { use: redis, url: redis://host } }\ncaches: { a: { tiers: [l2] } }')
      expect(await stratacache(['check', 'cache.yaml'], {}, folder)).toEqual({
        code: 1,
        stdout: '',
        stderr: 'cache.yaml:1:16  tiers.l2.use  must be a kind of an installed package (npm install @stratacache/redis), got "redis"\n',
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('takes a registry and a file of variables', async () => {
    expect(await stratacache(['check', 'vault.yaml'])).toMatchObject({ code: 1, stderr: expect.stringContaining('npm install @stratacache/vault') as string })
    expect(await stratacache(['check', 'vault.yaml', '--registry', 'kinds.mjs'])).toMatchObject({ code: 1, stderr: expect.stringContaining('VAULT_TOKEN is not') as string })
    expect(await stratacache(['check', 'vault.yaml', '--registry', 'kinds.mjs', '--env-file', 'vault.env'])).toEqual({ code: 0, stdout: 'ok: 1 tier, 1 cache\n', stderr: '' })
    expect(await stratacache(['check', 'vault.yaml', '--registry', 'shop.mjs'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--registry  must be a module') as string })
  })

  it('has a usage', async () => {
    expect(await stratacache(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('check [options] <file>') as string })
    expect(await stratacache(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string })
    expect(await stratacache(['check'])).toMatchObject({ code: 1, stdout: '' })
    expect(await stratacache(['chek', 'shop.yaml'])).toMatchObject({ code: 1, stdout: '' })
    expect(await stratacache(['check', 'none.yaml'])).toEqual({ code: 1, stdout: '', stderr: 'file  must be one that can be read (ENOENT), got "none.yaml"\n' })
  })
})

describe('stratacache print', () => {
  const env = { REDIS_URL: `redis://app:${SECRET}@host:6379/2`, MAX_ENTRIES: '77' }

  it('shows variables and defaults in place, and no secret', async () => {
    const { code, stdout, stderr } = await stratacache(['print', 'shop.yaml'], env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toContain(SECRET)
    expect(parse(stdout)).toMatchObject({
      tiers: {
        l1: { use: 'memory', maxEntries: 77, policy: 'adaptive', copy: 'none' },
        l2: { use: 'redis', url: 'redis://***@host:6379/2', prefix: 'shop', commandTimeout: '500ms', minReplicas: 0 },
      },
      caches: {
        users: { tiers: ['l1', 'l2'], ttl: '5m', staleIfError: '1h', read: { use: 'refreshAhead', at: 0.8 }, circuitBreaker: { failures: 3, cooldown: '1s' } },
        pages: { memory: { maxEntries: 100 }, ttl: '1h', read: { use: 'cacheAside' } },
        sessions: { memory: { maxEntries: 1000 }, staleIfError: '1h', hardTimeout: '10s' },
      },
    })
  })

  it('as JSON, and what it shows is right itself', async () => {
    const { stdout } = await stratacache(['print', 'shop.json', '--json'])
    const folder = mkdtempSync(join(tmpdir(), 'stratacache-cli-'))
    try {
      writeFileSync(join(folder, 'again.json'), stdout)
      expect(await stratacache(['check', join(folder, 'again.json')])).toMatchObject({ code: 0, stdout: 'ok: 1 tier, 2 caches\n' })
      expect((await stratacache(['print', join(folder, 'again.json'), '--json'])).stdout).toBe(stdout)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('masks what a kind calls secret', async () => {
    const { code, stdout } = await stratacache(['print', 'vault.yaml', '--registry', 'kinds.mjs', '--env-file', 'vault.env'])
    expect(code).toBe(0)
    expect(stdout).not.toContain(SECRET)
    expect(parse(stdout)).toMatchObject({ tiers: { l1: { use: 'vault', token: '***', address: 'https://***@vault' } } })
  })

  it.each(['host', 'http://u:hunter2@host', `u:${SECRET}@host:1`, `redis://:${SECRET}@`, `redis//${SECRET}@host`])('of a mistaken address (%s) tells no secret', async (url) => {
    for (const command of ['check', 'print']) {
      const { code, stdout, stderr } = await stratacache([command, 'shop.yaml'], { REDIS_URL: url })
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toBe('shop.yaml:10:5  tiers.l2.url  must be a redis:// or rediss:// URL, got "${REDIS_URL:-redis://localhost:6379}"\n')
    }
  })
})

describe('stratacache schema', () => {
  it('knows the kinds that are given', async () => {
    const { code, stdout } = await stratacache(['schema', '--registry', 'kinds.mjs'])
    expect(code).toBe(0)
    expect(JSON.stringify(JSON.parse(stdout))).toContain('{"const":"vault"}')
    expect((await stratacache(['schema'])).stdout).not.toContain('vault')
  })
})
