import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Section } from '../src/results.ts'
import type { SizeTable } from '../src/tables.ts'

/** What a user of `createCache` and `memory` pays (docs/design/decisions.md, "What a bundle weighs"). */
const LIMIT = 22_500
const SMALL = '@stratacache/core, createCache and memory'
const DRIVERS = ['ioredis', 'redis']

type Row = SizeTable['rows'][number]

const BUNDLES: readonly { readonly name: string; readonly code: string; readonly external?: readonly string[] }[] = [
  { name: SMALL, code: `export { createCache, memory } from '@stratacache/core'` },
  { name: '@stratacache/core, everything', code: `export * from '@stratacache/core'` },
  {
    name: 'createCache, memory and redis, without drivers',
    code: `export { createCache, memory } from '@stratacache/core'; export { redis } from '@stratacache/redis'`,
    external: DRIVERS,
  },
  { name: '@stratacache/redis, without core and drivers', code: `export * from '@stratacache/redis'`, external: ['@stratacache/core', ...DRIVERS] },
  { name: 'lru-cache', code: `export * from 'lru-cache'` },
  { name: 'layered-loader/core', code: `export * from 'layered-loader/core'` },
  { name: 'cache-manager', code: `export * from 'cache-manager'` },
  { name: 'cacheable', code: `export * from 'cacheable'` },
  { name: 'bentocache with its memory driver', code: `export * from 'bentocache'; export * from 'bentocache/drivers/memory'` },
]

/** By what they export. */
const PARTS = ['json', 'refreshAhead', 'probabilisticRefresh', 'writeAround', 'writeBehind', 'createCaches']

/** What a bundle of the built packages weighs. */
export async function size(): Promise<Section> {
  const rows = await Promise.all(BUNDLES.map(async ({ name, code, external = [] }) => ({ name, ...(await weigh(code, external)) })))
  const small = rows.find(({ name }) => name === SMALL)!
  return {
    name: 'size',
    title: 'Size',
    about:
      'Bytes after esbuild has bundled and minified, and after gzip -9. Dependencies are in, modules of Node are not. What is only imported when it is needed (the journal of writeBehind) is in as well.',
    tables: [
      { kind: 'size', title: 'Bundles', rows },
      { kind: 'size', title: 'What a part adds to createCache and memory', rows: await Promise.all(PARTS.map((part) => added(part, small))) },
    ],
    targets: [{ text: `${SMALL}: gzipped`, measured: small.gzipped, rule: 'at most', limit: LIMIT, unit: ' bytes' }],
  }
}

async function added(part: string, small: Row): Promise<Row> {
  const { minified, gzipped } = await weigh(`export { createCache, memory, ${part} } from '@stratacache/core'`, [])
  return { name: part, minified: minified - small.minified, gzipped: gzipped - small.gzipped }
}

async function weigh(code: string, external: readonly string[]): Promise<Omit<Row, 'name'>> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: [...external],
    write: false,
    logLevel: 'silent',
  })
  const [bundle] = outputFiles
  return { minified: bundle!.contents.length, gzipped: gzipSync(bundle!.contents, { level: 9 }).length }
}
