import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))

function run(env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, ['--conditions=stratacache-source', 'src/main.ts'], { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' })
}

it('runs, with the bounds of the environment', () => {
  const { status, stdout, stderr } = run({ MAX_ENTRIES: '42' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toEqual([
    'products: at most 42 entries in memory',
    'prices: at most 500 entries in memory',
    'sessions: at most 42 entries in memory',
    'three reads, 1 load',
    'after an invalidation, 2 loads',
  ])
})

it('tells what is wrong with the environment', () => {
  const { status, stderr } = run({ MAX_ENTRIES: 'many' })
  expect(status).toBe(1)
  expect(stderr).toContain('cache.yaml:10:5 tiers.l1.maxEntries must be an integer >= 1, got "${MAX_ENTRIES:-10000}"')
})
