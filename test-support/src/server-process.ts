import { spawn } from 'node:child_process'

export interface ServerProcess {
  readonly pid: number
  readonly exited: Promise<void>
  signal(name: NodeJS.Signals): void
}

export interface StartOptions {
  cwd: string
  /** What the server says once it can be used. */
  ready: RegExp
  uid?: number
  gid?: number
}

/** Starts a server and waits for the output that says it is ready. */
export async function startProcess(
  command: string,
  args: string[],
  { ready, ...options }: StartOptions,
): Promise<ServerProcess> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (!ready.test(output)) return
      // Keep draining, or the server would block once the pipe is full.
      for (const stream of [child.stdout, child.stderr]) stream.off('data', read).resume()
      resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${command} ended before it was ready:\n${output}`)))
  })
  return {
    pid: child.pid as number,
    exited,
    signal: (name) => void child.kill(name),
  }
}
