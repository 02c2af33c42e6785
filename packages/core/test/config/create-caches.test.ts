import { inspect } from 'node:util'
import { type Cache, ConfigError, createCaches, type CachesConfig, type ReadKind, tier, type TierKind } from '@stratacache/core'
import { object, required, text } from '@stratacache/core/config'
import { manualClock, SharedMemory } from '@stratacache/core/testing'
import { describe, expect, it } from 'vitest'

function issuesOf(config: unknown, options: Parameters<typeof createCaches>[1] = {}): string[] {
  try {
    createCaches(config as CachesConfig, options)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).toBe(error.issues.map(({ option, rule, value }) => new ConfigError([{ option, rule, value }]).message).join('; '))
    return error.issues.map(({ option, rule }) => `${option}: ${rule}`)
  }
  throw new Error('it was accepted')
}

/** A shared tier for `use: 'shared'`, and how often it was opened. */
function sharedKind() {
  const backend = new SharedMemory()
  const opened: string[] = []
  const kind: TierKind<{ readonly prefix?: string | undefined }, 'shared'> = {
    kind: 'tier',
    use: 'shared',
    options: object({ prefix: text() }),
    create: () => {
      opened.push('created')
      return backend.tier()
    },
  }
  return { kind, backend, opened }
}

describe('caches from data', () => {
  it('have what the data says', async () => {
    const clock = manualClock()
    await using caches = createCaches(
      {
        defaults: { ttl: '1m', jitter: 0, tags: ['all'] },
        tiers: { l1: { use: 'memory', maxEntries: '${MAX:-20}' } },
        caches: { users: { tiers: ['l1'], tags: ['users'] }, pages: { tiers: ['l1'], ttl: '1h', memory: { maxEntries: 3, policy: 'lru' } }, rest: {} },
      },
      { clock, env: { MAX: '10' } },
    )
    expect(caches.names).toEqual(['users', 'pages', 'rest'])
    expect([...caches].map((cache) => cache.name)).toEqual(['users', 'pages', 'rest'])
    expect([...caches].map((cache) => cache.stats().memory?.maxEntries)).toEqual([10, 3, 1000])
    const users = caches.get('users')
    const pages = caches.get('pages')
    await Promise.all([users.set('a', 1), pages.set('a', 2), pages.set('b', 3)])
    expect(users.getSync('a')).toBe(1)
    await clock.advance(60_000)
    expect(users.getSync('a')).toBeUndefined()
    expect(pages.getSync('a')).toBe(2)
    await users.set('c', 1)
    await users.invalidateTags('users')
    expect(users.getSync('c')).toBeUndefined()
    await users.set('d', 1, { tags: ['own'] })
    await users.invalidateTags('all')
    expect(users.getSync('d')).toBeUndefined()
    await pages.invalidateTags('all')
    expect(pages.getSync('a')).toBeUndefined()
  })

  it('inherit field by field, and an explicit undefined unsets', async () => {
    await using caches = createCaches({
      defaults: { memory: { maxEntries: 5, copy: 'freeze' }, ttl: 0, circuitBreaker: { failures: 9 } },
      caches: { a: { memory: { maxEntries: 7 }, circuitBreaker: { cooldown: '5s' } }, b: { ttl: undefined } },
    })
    expect(caches.get('a').stats().memory?.maxEntries).toBe(7)
    const value = await caches.get('b').getOrSet('k', () => ({ n: 1 }))
    expect(Object.isFrozen(value)).toBe(true)
    expect(caches.get('b').getSync('k')).toBe(value)
    await caches.get('a').set('k', 1)
    expect(caches.get('a').getSync('k')).toBeUndefined()
  })

  it('share a tier that is named once', async () => {
    const { kind, backend, opened } = sharedKind()
    let connections = 0
    const open = backend.open.bind(backend)
    backend.open = () => {
      connections++
      return open()
    }
    const caches = createCaches(
      { defaults: { tiers: ['l1', 'l2'] }, tiers: { l1: { use: 'memory', maxEntries: 9 }, l2: { use: 'shared' } }, caches: { a: {}, b: {} } },
      { registry: [kind] },
    )
    await caches.ready()
    expect(opened).toEqual(['created'])
    expect(connections).toBe(1)
    await caches.get('a').set('k', 1)
    expect(await caches.get('b').get('k')).toBeUndefined()
    await caches.close()
    await caches.close()
    await expect(caches.ready()).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
  })

  it('are asked for by a name that exists', async () => {
    await using caches = createCaches({ caches: { users: {}, pages: {} } })
    expect(() => caches.get('user' as 'users')).toThrow("name must be one of 'users', 'pages' (did you mean 'users'?), got \"user\"")
    expect(() => caches.get('constructor' as 'users')).toThrow(ConfigError)
  })

  it('may have any name that a cache may have', async () => {
    const config = JSON.parse('{ "caches": { "__proto__": { "ttl": "1m" }, "constructor": {}, "1": {} } }') as CachesConfig
    await using caches = createCaches(config)
    expect(caches.names.toSorted()).toEqual(['1', '__proto__', 'constructor'])
    expect(caches.get('__proto__').name).toBe('__proto__')
    expect(({} as { ttl?: unknown }).ttl).toBeUndefined()
  })

  it('use strategies by name, and those of a registry', async () => {
    const hits: string[] = []
    const spying: ReadKind<{ readonly label: string }, 'spying'> = {
      kind: 'read',
      use: 'spying',
      options: object({ label: required(text()) }),
      create: ({ label }) => ({ name: 'spying', onHit: () => (hits.push(label), 'serve') }),
    }
    await using caches = createCaches(
      { defaults: { ttl: '1m' }, caches: { a: { read: { use: 'spying', label: '${LABEL}' } }, b: { read: 'refreshAhead' }, c: { read: { use: 'probabilisticRefresh', beta: 2 } } } },
      { registry: [spying], env: { LABEL: 'seen' } },
    )
    await caches.get('a').set('k', 1)
    await caches.get('a').getOrSet('k', () => 2)
    expect(hits).toEqual(['seen'])
  })
})

describe('mistakes', () => {
  it('are reported at once, with their paths', () => {
    const config = {
      defaults: { jitter: 7, ttll: 1 },
      tiers: { l1: { use: 'memory' }, l2: { use: 'memroy' }, l3: { use: 'memory', maxEntries: '${MAX}' } },
      caches: {
        users: { tiers: ['l1', 'l9'], ttl: 'soon', tags: ['a', 5] },
        pages: { read: { use: 'refreshAhead', at: 80 }, memory: { maxEntries: 0 }, tiers: [] },
        '': {},
        list: [],
      },
      cachs: {},
    }
    expect(issuesOf(config)).toEqual([
      'defaults.jitter: a number from 0 to 1',
      "defaults.ttll: a known option (did you mean 'ttl'?)",
      'tiers.l1: an object with maxEntries or maxBytes',
      "tiers.l2.use: one of 'memory' (did you mean 'memory'?)",
      expect.stringMatching(/^tiers\.l3\.maxEntries: .* MAX is not/),
      "caches.users.tiers[1]: one of 'l1', 'l2', 'l3'",
      expect.stringMatching(/^caches\.users\.ttl: a number of milliseconds/),
      'caches.users.tags[1]: a string without lone surrogates',
      'caches.pages.read.at: a number above 0 and below 1',
      'caches.pages.memory.maxEntries: an integer >= 1',
      'caches.pages.tiers: a non-empty array',
      'caches.list: an object',
      "cachs: a known option (did you mean 'caches'?)",
      'caches[""]: a non-empty string without lone surrogates',
    ])
  })

  it.each([undefined, null, 5, 'caches', [], {}])('%j is no configuration', (config) => {
    expect(issuesOf(config)).toHaveLength(1)
  })

  it('that only show together have a place too', () => {
    const { kind } = sharedKind()
    const tiers = { l1: { use: 'memory', maxEntries: 5 }, l2: { use: 'shared' } }
    expect(issuesOf({ tiers, caches: { a: { tiers: ['l2', 'l1'] } } }, { registry: [kind] })).toEqual(['caches.a.tiers[0]: a local tier: a shared tier comes last'])
    expect(issuesOf({ tiers, defaults: { tiers: ['l2', 'l1'] }, caches: { a: {}, b: {} } }, { registry: [kind] })).toEqual(['defaults.tiers[0]: a local tier: a shared tier comes last'])
    expect(issuesOf({ tiers, caches: { a: { tiers: ['l2'], memory: { maxEntries: 5 } } } }, { registry: [kind] })).toEqual(['caches.a.memory: left out: the cache has no memory tier'])
    void createCaches({ tiers: { l2: { use: 'shared' } }, defaults: { memory: { maxEntries: 5 } }, caches: { a: { tiers: ['l2'] } } }, { registry: [kind] }).close()
    expect(issuesOf({ caches: { a: { tiers: ['l1'] } } })).toEqual(['caches.a.tiers[0]: left out: there is no name to choose'])
  })

  it('of a kind get the place of its options, and keep secrets', () => {
    const kind: TierKind<{ readonly size?: string | undefined; readonly token?: string | undefined }> = {
      kind: 'tier',
      use: 'mine',
      options: object({ size: text(), token: text({ secret: true }) }),
      create: ({ size, token }) => {
        throw new ConfigError([{ option: 'size', rule: 'small', value: size }, { option: 'token', rule: 'valid', value: token }])
      },
    }
    const config = { tiers: { own: { use: 'mine', size: '${SIZE}', token: 'hunter2' } }, caches: { a: { tiers: ['own'] } } }
    expect(issuesOf(config, { registry: [kind], env: { SIZE: 'hunter2' } })).toEqual(['tiers.own.size: small', 'tiers.own.token: valid'])
    expect(() => createCaches(config as unknown as CachesConfig, { registry: [kind], env: { SIZE: 'hunter2' } })).toThrow('tiers.own.size must be small, got "${SIZE}"; tiers.own.token must be valid, got "***"')
  })

  it('hold no value of the environment, wherever it was put', () => {
    const config = {
      tiers: { l1: { use: '${PW}', a: '${PW}' }, l2: { use: 'memory', maxEntries: '${PW}', policy: ['${PW}'] } },
      caches: { a: { ttl: '${PW}', tiers: ['${PW}'], read: '${PW}', tags: '${PW}', deep: { er: '${PW}' }, circuitBreaker: '${PW}' } },
    }
    try {
      createCaches(config as unknown as CachesConfig, { env: { PW: 'hunter2' } })
      expect.unreachable()
    } catch (error) {
      expect((error as ConfigError).issues.length).toBeGreaterThan(7)
      expect(inspect(error, { depth: Infinity })).not.toContain('hunter2')
    }
  })

  it('in the registry', () => {
    const { kind } = sharedKind()
    const other = sharedKind().kind
    expect(() => createCaches({ caches: {} }, { registry: [kind, other] })).toThrow('registry must be without a second tier kind of this name, got "shared"')
    expect(() => createCaches({ caches: {} }, { registry: [kind, kind] })).not.toThrow()
    for (const wrong of [undefined, {}, { ...kind, kind: 'teir' }, { ...kind, options: text() }]) {
      expect(() => createCaches({ caches: {} }, { registry: [wrong as never] })).toThrow('registry must be an array of kinds')
    }
  })

  it('leave nothing open: all caches or none', async () => {
    const { kind, backend } = sharedKind()
    let open = 0
    const openStore = backend.open.bind(backend)
    backend.open = () => {
      open++
      const store = openStore()
      const close = store.close.bind(store)
      store.close = () => (open--, close())
      return store
    }
    const made: Cache[] = []
    const failing = {
      name: 'failing',
      setup: (cache: Cache) => {
        made.push(cache)
        if (cache.name === 'b') throw new Error('no')
      },
    }
    const config = { tiers: { l2: { use: 'shared' } }, caches: { a: { tiers: ['l2'] }, b: { tiers: ['l2'] } } } as const
    expect(() => createCaches(config, { registry: [kind], plugins: [failing] })).toThrow('no')
    expect(made.map(({ name }) => name)).toEqual(['a', 'b'])
    for (const cache of made) await expect(cache.get('k')).rejects.toMatchObject({ code: 'STRATA_CLOSED' })
    await Promise.all(made.map((cache) => cache.close()))
    expect(open).toBe(0)
  })

  it('before anything is created: a mistake in the last cache', () => {
    const made: string[] = []
    const plugin = { name: 'spy', setup: (cache: Cache) => void made.push(cache.name) }
    expect(issuesOf({ caches: { a: {}, b: { ttl: -1 } } }, { plugins: [plugin] })).toHaveLength(1)
    expect(made).toEqual([])
  })
})

it('a plain tier of a registry works', async () => {
  const map = new Map<string, never>()
  const kind: TierKind<object, 'map'> = {
    kind: 'tier',
    use: 'map',
    options: object({}),
    create: () => tier({ name: 'map', get: (key) => map.get(key), set: (key, entry) => void map.set(key, entry as never), delete: (keys) => keys.forEach((key) => map.delete(key)) }),
  }
  await using caches = createCaches({ tiers: { l1: { use: 'memory', maxEntries: 1 }, l2: { use: 'map' } }, caches: { a: { tiers: ['l1', 'l2'] } } }, { registry: [kind] })
  await caches.get('a').set('k', 1)
  expect([...map.keys()]).toEqual(['a:k'])
})
