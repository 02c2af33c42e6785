import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ensureProgram } from '../system-program.mjs'

const wanted = {
  program: 'wanted-server',
  product: 'Wanted',
  packages: { 'apt-get': 'wanted-deb', brew: 'wanted-brew' },
}
let folder
let log

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stratacache-programs-'))
  vi.stubEnv('PATH', folder)
  log = vi.spyOn(console, 'log').mockReturnValue(undefined)
})

afterEach(() => rmSync(folder, { recursive: true }))

function addProgram(name, script = '') {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
}

test('installs nothing where the program is', async () => {
  addProgram('brew', 'exit 1')
  addProgram('wanted-server')
  await ensureProgram(wanted)
  vi.stubEnv('PATH', '/nowhere')
  await ensureProgram({ ...wanted, besides: [folder] })
})

test("asks the system's package manager for its package", async () => {
  addProgram('brew', `echo "$@" > ${folder}/asked`)
  await ensureProgram(wanted)
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('install wanted-brew\n')
  expect(log).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^brew install wanted-brew: ok/))
})

test('a failure is one line, and told in full when it is printed', async () => {
  addProgram('brew', 'echo no such package; exit 3')
  const failure = await ensureProgram(wanted).catch((error) => error)
  expect(failure.message).toMatch(/^brew install wanted-brew: FAILED, exit code 3 \(.* s\)$/)
  expect(log).not.toHaveBeenCalled()
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  failure.print()
  expect(String(write.mock.calls[0][0])).toBe('no such package\n')
  expect(log).toHaveBeenCalledExactlyOnceWith(failure.message)
})

test('says what to install where it cannot', async () => {
  addProgram('apt-get')
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  await expect(ensureProgram(wanted)).rejects.toThrow(
    'wanted-server is not on the PATH: install Wanted (Debian: apt-get install wanted-deb, macOS: brew install wanted-brew)',
  )
})
