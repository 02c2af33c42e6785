import { spawn } from 'node:child_process'
import { toolEnvironment } from './pnpm.mjs'

/** Whoever catches it decides whether it is told in full. */
export class StepFailed extends Error {
  #output

  constructor(message, output = Buffer.alloc(0)) {
    super(message)
    this.#output = output
  }

  print() {
    process.stdout.write(this.#output)
    console.log(this.message)
  }
}

/**
 * Runs one command as a named step and announces its success in one line. The output of a quiet
 * step is shown by its failure alone.
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
  throw new StepFailed(`${name}: FAILED, ${failure} (${seconds} s)`, Buffer.concat(output))
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
