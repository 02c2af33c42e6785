import { expect, test } from 'vitest'
import { checkFile, importsOf } from '../layers.mjs'

const core = 'packages/core/src'

test('finds every kind of import', () => {
  const source = [
    "import { a } from './a.ts'",
    "import type { B } from './b.ts'",
    'import {',
    '  c,',
    '  type D,',
    "} from './c.ts'",
    "export * from './e.ts'",
    "export { type F } from './f.ts'",
    "import './g.ts'",
    "const h = await import('./h.ts')",
    "type I = import('./i.ts').I",
    "// import { no } from './comment.ts'",
    " * import { no } from './example.ts'",
  ].join('\n')
  const names = ['a', 'b', 'c', 'e', 'f', 'g', 'h', 'i']
  expect(importsOf(source)).toEqual(names.map((name) => `./${name}.ts`))
})

test('an exported string followed by an import is not one import', () => {
  expect(importsOf("export const name = 'x'\nimport { a } from './a.ts'")).toEqual(['./a.ts'])
})

test.each([
  ['entry.ts', './clock.ts'],
  ['options.ts', './store.ts'],
  ['memory/lru.ts', './sketch.ts'],
  ['memory/lru.ts', '../store.ts'],
  ['read.ts', './memory/memory-store.ts'],
  ['read.ts', './tier-stack.ts'],
  ['create-cache.ts', './cache.ts'],
  ['index.ts', './create-cache.ts'],
  ['codec.ts', 'node:zlib'],
])('%s may import %s', (file, specifier) => {
  expect(checkFile(`${core}/${file}`, `import type { X } from '${specifier}'`)).toEqual([])
})

test.each([
  ['clock.ts', './entry.ts', 'clock (values) must not import entry (contracts)'],
  ['store.ts', './ring.ts', 'store (contracts) must not import ring (mechanisms)'],
  ['ring.ts', './outbox.ts', 'ring (mechanisms) must not import outbox (mechanisms)'],
  ['memory/lru.ts', '../stats.ts', 'memory/ (mechanisms) must not import stats (mechanisms)'],
  ['read.ts', './cache.ts', 'read (orchestration) must not import cache (facade)'],
  ['cache.ts', './index.ts', 'cache (facade) must not import index (entry)'],
  ['cache.ts', '../testing/index.ts', "'../testing/index.ts' leaves the package's src"],
  ['cache.ts', 'lodash', "core has no dependencies, but imports 'lodash'"],
  ['novelty.ts', './key.ts', 'belongs to no layer; name its module in scripts/layers.mjs'],
])('%s must not import %s', (file, specifier, complaint) => {
  const path = `${core}/${file}`
  expect(checkFile(path, `import type { X } from '${specifier}'`)).toEqual([`${path}: ${complaint}`])
})

test('a package depends on core, not on a sibling', () => {
  const check = (specifier) =>
    checkFile('packages/redis/src/index.ts', `import { x } from '${specifier}'`)
  expect(check('@stratacache/core')).toEqual([])
  expect(check('@stratacache/core/testing')).toEqual([])
  expect(check('ioredis')).toEqual([])
  expect(check('@stratacache/config')).toHaveLength(1)
  expect(check('@stratacache/core-extras')).toHaveLength(1)
  expect(check('../../core/src/index.ts')).toHaveLength(1)
})
