import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { step, StepFailed } from './step.mjs'

const installers = [
  {
    tool: 'apt-get',
    root: true,
    commands: (name) => [
      ['apt-get', 'update'],
      // What the tests want is not worth a package that is in its way.
      ['apt-get', 'install', '--yes', '--no-install-recommends', '--no-remove', name],
    ],
    around: withoutServiceStart,
  },
  { tool: 'apk', root: true, commands: (name) => [['apk', 'add', name]] },
  { tool: 'dnf', root: true, commands: (name) => [['dnf', 'install', '--assumeyes', name]] },
  { tool: 'brew', root: false, commands: (name) => [['brew', 'install', name]] },
]

/**
 * Installs a program where it is missing. The tests start their own servers, so all that is needed
 * is that it can be found: on the PATH, or in one of the folders `besides`.
 */
export async function ensureProgram({ program, besides = [], product, packages }) {
  if (isThere(program, besides)) return
  const installer = installers.find(
    ({ tool, root }) => isThere(tool) && (!root || process.getuid?.() === 0),
  )
  if (installer === undefined) {
    const ways = `Debian: apt-get install ${packages['apt-get']}, macOS: brew install ${packages.brew}`
    throw new StepFailed(`${program} is not on the PATH: install ${product} (${ways})`)
  }
  const { tool, commands, around = (install) => install() } = installer
  await around(async () => {
    for (const command of commands(packages[tool])) {
      await step(command.join(' '), command, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    }
  })
}

function isThere(program, besides = []) {
  return [...process.env.PATH.split(':'), ...besides].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Debian starts a service as it installs it; a policy that answers 101 forbids that. */
async function withoutServiceStart(install) {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await install()
  } finally {
    if (ours) rmSync(policy)
  }
}
