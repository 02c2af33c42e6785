import { resolve } from 'node:path'

const version = '12.21.0'

/** The command line that runs this workspace's pnpm, wherever it is or is not installed. */
export function pnpm(...args) {
  return ['npx', '--yes', '--loglevel=error', `pnpm@${version}`, ...args]
}

/** The environment of every tool: the Node of the devDependencies comes first on the PATH. */
export function toolEnvironment() {
  return { ...process.env, PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}` }
}
