import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('runs, and both ways do the same', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=stratacache-source', 'src/main.ts'], { cwd, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toEqual([
    'in code: a hit refreshed documents:report',
    'in code: after writing both, memory has note',
    'in a configuration: a hit refreshed documents:report',
    'in a configuration: after writing both, memory has note',
  ])
})
