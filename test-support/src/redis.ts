import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { host, onFreePort } from './free-port.ts'
import { createServerFolder, type ServerFolder } from './server-folder.ts'
import { startProcess, type ServerProcess } from './server-process.ts'

export interface RedisOptions {
  /** More arguments of redis-server, such as `['--maxmemory', '10mb']`. */
  args?: string[]
  /** Keep an append-only file, so that a restart finds the data again. */
  persist?: boolean
}

export interface RedisServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly dir: string
  readonly pid: number
  /** Freezes the process: connections stay open and nothing answers. */
  pause(): void
  resume(): void
  /** Ends the process at once; `restart` brings it back on the same port. */
  kill(): Promise<void>
  restart(options?: { empty?: boolean }): Promise<void>
  stop(): Promise<void>
}

export function startRedis({ args = [], persist = false }: RedisOptions = {}): Promise<RedisServer> {
  const fixed = ['--bind', host, '--save', '', '--appendonly', persist ? 'yes' : 'no', ...args]
  return onFreePort(async (port) => {
    const folder = createServerFolder('redis')
    const launch = async (): Promise<ServerProcess> => {
      const server = await startProcess('redis-server', ['--port', String(port), ...fixed], {
        cwd: folder.path,
        ready: /Ready to accept connections/,
      })
      folder.watch(server.pid)
      return server
    }
    try {
      return redisServer(port, folder, launch, await launch())
    } catch (error) {
      folder.remove()
      throw error
    }
  })
}

function redisServer(
  port: number,
  folder: ServerFolder,
  launch: () => Promise<ServerProcess>,
  started: ServerProcess,
): RedisServer {
  let server = started

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.signal(signal)
    // A frozen process gets no signal but SIGKILL until it is thawed.
    server.signal('SIGCONT')
    await server.exited
  }
  const stop = async (): Promise<void> => {
    await end('SIGKILL')
    folder.remove()
  }

  return {
    port,
    url: `redis://${host}:${port}`,
    dir: folder.path,
    get pid() {
      return server.pid
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    kill: () => end('SIGKILL'),
    async restart({ empty = false } = {}) {
      await end('SIGTERM')
      if (empty) {
        for (const data of ['appendonlydir', 'dump.rdb']) {
          rmSync(join(folder.path, data), { recursive: true, force: true })
        }
      }
      server = await launch()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
