import { spawn } from 'node:child_process'
import { toolEnvironment } from './pnpm.mjs'

export class StepFailed extends Error {}

/**
 * Runs one command as a named step and announces it in one line. A quiet step shows its output
 * only when it fails.
 */
export async function step(name, [command, ...args], { quiet = true, env = {} } = {}) {
  const started = performance.now()
  const child = spawn(command, args, {
    env: { ...toolEnvironment(), ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  })
  const output = []
  child.stdout?.on('data', (chunk) => output.push(chunk))
  child.stderr?.on('data', (chunk) => output.push(chunk))
  const failure = await ended(child)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (failure === undefined) {
    console.log(`${name}: ok (${seconds} s)`)
    return
  }
  process.stdout.write(Buffer.concat(output))
  console.log(`${name}: FAILED, ${failure} (${seconds} s)`)
  throw new StepFailed(name)
}

function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined)
      else resolve(signal ?? `exit code ${code}`)
    })
  })
}
