import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('runs, and writes what happened', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=stratacache-source', 'src/main.ts'], { cwd, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  const told = lines.filter(({ event }) => event !== 'miss')
  expect(told.map(({ event, key, tags, error, repeated }) => [event, key ?? tags, error, repeated].filter((part) => part !== undefined))).toEqual([
    ['load', 'price:7'],
    ['hit', 'price:7'],
    ['invalidate', ['shop:prices']],
    ['loadError', 'rates', 'RangeError'],
    ['loadError', 'rates', 'RangeError', 4],
    ['closed'],
  ])
  expect(told.at(-1)).toMatchObject({ cache: 'shop', level: 'info', counts: { hit: 1, loadError: 5 }, lost: 0 })
  expect(stdout).not.toContain('17.3')
})
