import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type CachesConfig, ConfigError, tier, type TierKind } from '@stratacache/core'
import { object } from '@stratacache/core/config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/index.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'stratacache-config-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What is said, with the file's name left out. */
async function mistakes(source: string | CachesConfig, env = {}): Promise<string[]> {
  const error: unknown = await loadConfig(source as string, { env }).catch((reason: unknown) => reason)
  if (!(error instanceof ConfigError)) throw new Error('it was accepted', { cause: error })
  return error.issues.map((issue) => new ConfigError([issue]).message.replaceAll(`${folder}/`, ''))
}

describe('a configuration', () => {
  it.each(['shop.yaml', 'shop.json', 'shop.ts', 'shop.mjs'])('in %s', async (name) => {
    await using caches = await loadConfig(fixture(name))
    expect(caches.names.slice(0, 2)).toEqual(['users', 'pages'])
  })

  it.each([['x.yml', 'caches: { a: {} }'], ['x.mts', 'const names: string[] = ["a"]; export default { caches: { [names[0]]: {} } }'], ['x.js', 'export default { caches: { a: {} } }'], ['bom.json', '\ufeff{ "caches": { "a": {} } }'], ['tabs.json', '{\r\n\t"caches": {\r\n\t\t"a": {}\r\n\t}\r\n}\r\n']])('in %s', async (name, text) => {
    file('package.json', '{ "type": "module" }')
    await using caches = await loadConfig(file(name, text))
    expect(caches.names).toEqual(['a'])
  })

  it('by its URL, by a name relative to the working directory, or as an object', async () => {
    await using byUrl = await loadConfig(pathToFileURL(fixture('shop.json')))
    await using byName = await loadConfig(relative('', fixture('shop.json')))
    await using fromObject = await loadConfig({ caches: { a: { ttl: '5m' } } })
    expect([byUrl, byName, fromObject].map(({ names }) => names)).toEqual([['users', 'pages'], ['users', 'pages'], ['a']])
    fromObject.get('a')
    // @ts-expect-error no such cache
    expect(() => fromObject.get('b')).toThrow(ConfigError)
  })

  it('takes a registry, variables, and plugins', async () => {
    const kind: TierKind = { kind: 'tier', use: 'mine', options: object({}), create: () => tier({ name: 'mine', get: () => undefined, set: () => {}, delete: () => {} }) }
    const set: string[] = []
    const plugin = { name: 'spy', setup: (cache: { name: string }) => void set.push(cache.name) }
    const path = file('r.yaml', 'tiers: { l1: { use: memory, maxEntries: "${MAX}" }, l2: { use: mine } }\ncaches: { a: { tiers: [l1, l2] } }')
    await using caches = await loadConfig(path, { registry: [kind], env: { MAX: '7' }, plugins: [plugin] })
    expect(caches.get('a').stats().memory?.maxEntries).toBe(7)
    expect(set).toEqual(['a'])
  })

  it('of YAML may have anchors, aliases and merge keys', async () => {
    const text = 'caches:\n  a: &long\n    ttl: 1h\n    memory: { maxEntries: 5 }\n  b: *long\n  c:\n    <<: *long\n    memory: { maxEntries: 6 }\n'
    await using caches = await loadConfig(file('anchors.yaml', text))
    expect([...caches].map((cache) => cache.stats().memory?.maxEntries)).toEqual([5, 5, 6])
  })
})

describe('mistakes have the place in the file', () => {
  it('of YAML', async () => {
    const text = 'tiers:\n  l1: { use: memory, maxEntires: 5 }\ncaches:\n  users:\n    ttl: 5 minutes\n    tiers:\n      - l1\n      - l2\n    read:\n      use: refreshAhead\n      at: 7\n  base: &base\n    jitter: 3\n  other: *base\n'
    expect(await mistakes(file('m.yaml', text))).toEqual([
      "m.yaml:2:22 tiers.l1.maxEntires must be a known option (did you mean 'maxEntries'?), got \"***\"",
      expect.stringMatching(/^m\.yaml:5:5 caches\.users\.ttl must be a number of milliseconds .* got "5 minutes"$/),
      "m.yaml:8:9 caches.users.tiers[1] must be one of 'l1', got \"l2\"",
      'm.yaml:11:7 caches.users.read.at must be a number above 0 and below 1, got 7',
      'm.yaml:13:5 caches.base.jitter must be a number from 0 to 1, got 3',
      'm.yaml:13:5 caches.other.jitter must be a number from 0 to 1, got 3',
    ])
  })

  it('of JSON', async () => {
    expect(await mistakes(file('m.json', '{\n  "caches": {\n    "a": { "ttl": -1,\n           "x.y": 1 } }\n}'))).toEqual([
      expect.stringMatching(/^m\.json:3:12 caches\.a\.ttl must be/),
      expect.stringMatching(/^m\.json:4:12 caches\.a\["x\.y"\] must be one of the options/),
    ])
  })

  it('of a module: the file', async () => {
    expect(await mistakes(file('m.mjs', 'export default { caches: { a: { ttl: -1 } } }'))).toEqual([expect.stringMatching(/^m\.mjs caches\.a\.ttl must be/)])
  })

  it('of an object: none', async () => {
    expect(await mistakes({ caches: { a: { ttl: -1 } } })).toEqual([expect.stringMatching(/^caches\.a\.ttl must be/)])
  })

  it('name keys that are no plain objects', async () => {
    const text = '{ "caches": { "__proto__": { "ttll": 1 }, "constructor": { "toString": 1 } } }'
    expect(await mistakes(file('proto.json', text))).toEqual([
      expect.stringMatching(/caches\.__proto__\.ttll must be a known option/),
      expect.stringMatching(/caches\.constructor\.toString must be one of/),
    ])
  })
})

describe('a text that cannot be read', () => {
  it.each([
    ['duplicate.yaml', 'caches:\n  a: {}\n  a: {}\n', 'duplicate.yaml:3:3 file must be YAML, got "duplicate key"'],
    ['duplicate.json', '{ "caches": {}, "caches": {} }', 'duplicate.json:1:17 file must be JSON, got "duplicate key"'],
    ['two.yaml', 'caches: {}\n---\ncaches: {}\n', 'two.yaml:2:1 file must be YAML, got "multiple docs"'],
    ['tag.yaml', 'caches:\n  a: !!js/function hunter2\n', 'tag.yaml:2:6 file must be YAML, got "tag resolve failed"'],
    ['alias.yaml', 'caches: { a: *hunter2 }', 'alias.yaml:1:1 file must be YAML, got "aliases that lead nowhere, go round or multiply"'],
    ['quote.yaml', 'caches: { a: "hunter2 }', 'quote.yaml:1:24 file must be YAML, got "missing char"'],
    ['bare.json', '{ "caches": hunter2 }', 'bare.json:1:13 file must be JSON, got "tag resolve failed"'],
    ['comma.json', '{ "caches": { "a": {}, } }', 'comma.json:1:1 file must be JSON, got "what only YAML allows"'],
    ['round.yaml', 'caches: &a { b: { tags: [*a] } }', 'round.yaml:1:1 file must be YAML, got "aliases that lead nowhere, go round or multiply"'],
  ])('%s', async (name, text, mistake) => {
    expect((await mistakes(file(name, text)))[0]).toBe(mistake)
  })

  it('because its aliases multiply', async () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array.from({ length: 20 }, () => `*${of}`).join(', ')}]`
    const text = ['a: &a [1]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd'), level('f', 'e'), 'caches: {}'].join('\n')
    expect(await mistakes(file('bomb.yaml', text))).toEqual(['bomb.yaml:1:1 file must be YAML, got "aliases that lead nowhere, go round or multiply"'])
  })

  it('because it is not there, or of another kind', async () => {
    expect(await mistakes(join(folder, 'none.yaml'))).toEqual(['file must be one that can be read (ENOENT), got "none.yaml"'])
    expect(await mistakes(join(folder, 'none.ts'))).toEqual(['file must be one that can be read (ENOENT), got "none.ts"'])
    expect(await mistakes(file('cache.toml', ''))).toEqual(['file must be one of .json, .yaml, .yml, .ts, .mts, .js, .mjs, got "cache.toml"'])
    expect(await mistakes(file('none.mjs', 'export const config = {}'))).toEqual(['file must be a module with a default export, got "none.mjs"'])
    expect(await mistakes(file('empty.yaml', '# nothing'))).toEqual(['empty.yaml:1:1 caches must be given, got undefined'])
  })

  it('a module that throws: its own error', async () => {
    await expect(loadConfig(file('throws.mjs', 'throw new RangeError("mine")'))).rejects.toThrow(new RangeError('mine'))
  })

  it('TypeScript where this Node does not run it', () => {
    const script = `import { loadConfig } from '@stratacache/config'\nawait loadConfig('fixtures/shop.ts').catch((error) => console.log(error.code, error.message))`
    // Built, this package is JavaScript; here its sources are not, so the loader is given the types' absence alone.
    const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=stratacache-source', '--import', './fixtures/without-types.mjs', '--input-type=module', '-e', script], { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toBe('STRATA_CONFIG file must be one that this Node can run: TypeScript takes Node 22.18 or newer, or --experimental-strip-types, got "fixtures/shop.ts"\n')
  })
})

describe('a kind that is not in the registry', () => {
  const l2 = (use: string): string => `tiers: { l2: { use: ${use}, url: 'redis://localhost' } }\ncaches: { a: { tiers: [l2] } }`

  it('is looked for by its name', async () => {
    await using caches = await loadConfig(fixture('shop.yaml'))
    expect(Object.keys(caches.get('users').stats().tiers)).toEqual(['memory', 'redis'])
  })

  it('may be missing: what to install', async () => {
    expect(await mistakes(file('k.yaml', l2('nothere')))).toEqual(['k.yaml:1:16 tiers.l2.use must be a kind of an installed package (npm install @stratacache/nothere), got "nothere"'])
    expect(await mistakes(file('k.yaml', l2('rediss')))).toEqual(["k.yaml:1:16 tiers.l2.use must be a known kind (did you mean 'redis'?), got \"rediss\""])
    expect(await mistakes(file('k.yaml', l2('memroy')))).toEqual(["k.yaml:1:16 tiers.l2.use must be a known kind (did you mean 'memory'?), got \"memroy\""])
    expect(await mistakes(file('k.yaml', l2('../../evil')))).toEqual([expect.stringMatching(/tiers\.l2\.use must be one of 'memory', got/)])
  })

  it('a package that is no kind', async () => {
    const caches = { caches: { a: {} }, tiers: { l1: { use: 'core' } } } as unknown as CachesConfig
    const cwd = process.cwd()
    process.chdir(fileURLToPath(new URL('..', import.meta.url)))
    try {
      expect(await mistakes(caches)).toEqual(['tiers.l1.use must be a kind: @stratacache/core has no core.fromConfig, got "core"'])
    } finally {
      process.chdir(cwd)
    }
  })
})
