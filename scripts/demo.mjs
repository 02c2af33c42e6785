import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pnpm, toolEnvironment } from './pnpm.mjs'
import { setUp } from './set-up.mjs'
import { step, StepFailed } from './step.mjs'

const folder = resolve('examples/places-api')

/** Sets up, builds, and gives the terminal to the example. Returns whether it ended well. */
export async function demo(args) {
  try {
    await setUp()
    await step('build', pnpm('run', 'build'))
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    error.print()
    return false
  }
  return runExample(args[0] === '--' ? args.slice(1) : args)
}

function runExample(args) {
  const { scripts } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const env = toolEnvironment()
  env.PATH = `${folder}/node_modules/.bin:${env.PATH}`
  // exec leaves no shell in between, so a signal sent to us reaches the example itself.
  const command = ['-c', `exec ${scripts.start} "$@"`, 'demo', ...args]
  const child = spawn('sh', command, { cwd: folder, env, stdio: 'inherit' })
  // A terminal's Ctrl-C reaches the example on its own; we only have to outlive it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((done) => child.once('close', (code) => done(code === 0)))
}
