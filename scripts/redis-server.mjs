import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { step, StepFailed } from './step.mjs'

const installers = [
  {
    tool: 'apt-get',
    root: true,
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '--yes', '--no-install-recommends', 'redis-server'],
    ],
  },
  { tool: 'apk', root: true, commands: [['apk', 'add', 'redis']] },
  { tool: 'dnf', root: true, commands: [['dnf', 'install', '--assumeyes', 'redis']] },
  { tool: 'brew', root: false, commands: [['brew', 'install', 'redis']] },
]

/** The tests start their own servers, so all that is needed is the program on the PATH. */
export async function ensureRedisServer() {
  if (onPath('redis-server')) return
  const installer = installers.find(
    ({ tool, root }) => onPath(tool) && (!root || process.getuid?.() === 0),
  )
  if (installer === undefined) {
    console.log('redis-server is not on the PATH: install Redis 7 or Valkey (Debian: apt-get install redis-server, macOS: brew install redis)')
    throw new StepFailed('redis-server')
  }
  await withoutServiceStart(async () => {
    for (const command of installer.commands) {
      await step(command.join(' '), command, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    }
  })
}

function onPath(program) {
  return process.env.PATH.split(':').some((folder) => {
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
  const ours = existsSync('/usr/bin/dpkg') && process.getuid?.() === 0 && !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await install()
  } finally {
    if (ours) rmSync(policy)
  }
}
