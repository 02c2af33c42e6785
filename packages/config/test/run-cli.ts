import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
export const FIXTURES: string = fileURLToPath(new URL('fixtures/', import.meta.url))

/** Runs the command in a process of its own, in the folder of the fixtures unless another is given. */
export async function stratacache(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = FIXTURES): Promise<Ran> {
  // Package managers put more places to look for packages into NODE_PATH.
  const { NODE_PATH: _, ...rest } = process.env
  const child = spawn(process.execPath, ['--conditions=stratacache-source', CLI, ...args], { cwd, env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), new Promise<number | null>((resolve) => child.on('exit', resolve))])
  return { code, stdout, stderr }
}
