import { execFile } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { host, onFreePort } from './free-port.ts'
import { postgresPrograms } from './postgres-programs.ts'
import { createServerFolder } from './server-folder.ts'
import { startProcess } from './server-process.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  stop(): Promise<void>
}

const user = 'postgres'
const initdbFlags = [`--username=${user}`, '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']
/** A test's data need not survive anything. */
const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const settings = [
  `listen_addresses=${host}`,
  'unix_socket_directories=',
]

export interface PostgresOptions {
  /** Waits for the disk at each commit, as PostgreSQL does by itself. Default false. */
  isDurable?: boolean
}

export function startPostgres({ isDurable = false }: PostgresOptions = {}): Promise<PostgresServer> {
  return onFreePort(async (port) => {
    const folder = createServerFolder('postgres')
    try {
      const owner = await unprivilegedUser()
      const bin = postgresPrograms(folder.path, owner !== undefined)
      const data = join(folder.path, 'data')
      mkdirSync(data)
      if (owner) chownSync(data, owner.uid, owner.gid)
      await promisify(execFile)(join(bin, 'initdb'), ['--pgdata', data, ...initdbFlags], {
        cwd: data,
        ...owner,
      })
      const flags = [...settings, ...(isDurable ? [] : careless)].flatMap((setting) => ['-c', setting])
      const server = await startProcess(
        join(bin, 'postgres'),
        ['-D', data, '-p', String(port), ...flags],
        { cwd: data, ready: /ready to accept connections/, ...owner },
      )
      folder.watch(server.pid)
      const stop = async (): Promise<void> => {
        // The fast shutdown: connections are ended, files closed.
        server.signal('SIGINT')
        await server.exited
        folder.remove()
      }
      return {
        port,
        url: `postgres://${user}@${host}:${port}/postgres`,
        stop,
        [Symbol.asyncDispose]: stop,
      }
    } catch (error) {
      folder.remove()
      throw error
    }
  })
}
