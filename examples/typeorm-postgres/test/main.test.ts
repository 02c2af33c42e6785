import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('runs, and all that it claims holds', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=stratacache-source', 'src/main.ts'], { cwd, encoding: 'utf8' })
  expect({ status, stderr, broken: stdout.split('\n').filter((line) => line.includes('✗')) }).toEqual({ status: 0, stderr: '', broken: [] })
  expect(stdout).toMatch(/All \d+ claims hold\.\n$/)
}, 60_000)
