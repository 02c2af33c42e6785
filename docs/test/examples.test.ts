import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { startRedis } from 'test-support'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, examplesOfPage, examplesOfSource } from './examples.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const generated = join(root, 'docs/.generated')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const files = (pattern: string): string[] => globSync(pattern, { cwd: root }).toSorted()

let redis: Awaited<ReturnType<typeof startRedis>>
beforeAll(async () => {
  redis = await startRedis()
  mkdirSync(generated, { recursive: true })
})
afterAll(async () => {
  await redis.stop()
  rmSync(generated, { recursive: true, force: true })
})

describe('examples do what they say', () => {
  const pages = ['README.md', ...files('docs/guide/*.md'), ...files('packages/*/README.md')]
  const examples = [
    ...pages.flatMap((file) => examplesOfPage(file, read(file))),
    ...files('packages/*/{src,testing}/**/*.ts').flatMap((file) => examplesOfSource(file, read(file))),
  ]
  examples.forEach((example, index) => it(`${example.file} (${index})`, () => run(example, index)))

  it('there are some in every guide', () => {
    const told = new Set(examples.map(({ file }) => file))
    expect(files('docs/guide/*.md').filter((file) => !told.has(file))).toEqual([])
  })
})

describe('links', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'AGENTS.md', ...files('docs/**/*.md'), ...files('packages/*/README.md'), ...files('examples/*/README.md')]
  it.each(pages.filter((file) => !file.includes('node_modules')))('%s points at files that exist', (file) => {
    const targets = [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map((match) => relative(root, join(root, dirname(file), match[1]!)))
    expect(targets.filter((target) => files(target).length === 0)).toEqual([])
  })
})

/** Runs an example in a process of its own, which must end by itself. */
async function run(example: Example, index: number): Promise<void> {
  const file = join(generated, `${index}.ts`)
  writeFileSync(file, await withoutDecorators(example.code))
  for (const [name, content] of Object.entries(example.files)) writeFileSync(join(generated, name), content)
  const preludes = ['prelude.ts', ...(/typeorm/i.test(example.code) ? ['prelude-typeorm.ts'] : [])].flatMap((name) => ['--import', `../test/${name}`])
  const child = spawn(process.execPath, ['--conditions=stratacache-source', ...preludes, file], {
    cwd: generated,
    env: { ...process.env, REDIS_URL: redis.url },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr, code] = await Promise.all([text(child.stderr), new Promise<number | null>((resolve) => child.on('exit', resolve))])
  expect(code, stderr).toBe(0)
}

/** Node takes types out, but knows no decorators. */
async function withoutDecorators(code: string): Promise<string> {
  return /^ *@/m.test(code) ? (await transform(code, { loader: 'ts', target: 'es2022' })).code : code
}
