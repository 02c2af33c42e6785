import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pnpm } from './pnpm.mjs'

// What is checked is the tarball: packing is what applies publishConfig.
const folder = mkdtempSync(join(tmpdir(), 'stratacache-pack-'))
try {
  for (const name of publishedPackages()) {
    run(pnpm('pack', '--pack-destination', folder), resolve('packages', name))
  }
  for (const tarball of readdirSync(folder)) {
    run(['publint', 'run', join(folder, tarball), '--strict'])
    run(['attw', join(folder, tarball), '--profile', 'esm-only'])
  }
} finally {
  rmSync(folder, { recursive: true })
}

function publishedPackages() {
  return readdirSync('packages').filter((name) => {
    const manifest = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8'))
    return manifest.private !== true
  })
}

function run([command, ...args], cwd = '.') {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) {
    console.log(`failed: ${[command, ...args].join(' ')}`)
    process.exitCode = 1
  }
}
