import { execFile } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { host, onFreePort } from './free-port.ts'
import { mariadbPrograms } from './mariadb-programs.ts'
import { createServerFolder } from './server-folder.ts'
import { startProcess } from './server-process.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

export interface MariadbServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly dir: string
  stop(): Promise<void>
}

const database = 'test'
const installFlags = [
  '--auth-root-authentication-method=normal',
  '--skip-test-db',
  // Otherwise it asks a name server for this machine, which takes as long as that takes.
  '--force',
]
const settings = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=OFF',
  // Loose: a version that does not know them starts all the same, and only waits for the disk.
  '--loose-innodb-flush-method=nosync',
  '--loose-debug-no-sync',
  '--innodb-buffer-pool-size=16M',
  '--innodb-log-file-size=8M',
  // The kernel's queues are few, and shared by all servers of the machine.
  '--innodb-use-native-aio=OFF',
  '--skip-log-bin',
  '--performance-schema=OFF',
  '--character-set-server=utf8mb4',
]

export function startMariadb(): Promise<MariadbServer> {
  return onFreePort(async (port) => {
    const { server: program, installDb } = mariadbPrograms()
    const folder = createServerFolder('mariadb')
    try {
      const owner = await unprivilegedUser()
      const data = join(folder.path, 'data')
      const temporary = join(folder.path, 'tmp')
      const setUp = join(folder.path, 'set-up.sql')
      mkdirSync(data)
      mkdirSync(temporary)
      writeFileSync(setUp, `create database ${database};\n`)
      if (owner) for (const path of [data, temporary, setUp]) chownSync(path, owner.uid, owner.gid)
      // Without defaults, no configuration of the machine is read; it has to be the first flag.
      const flags = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${temporary}`, ...settings]
      await promisify(execFile)(installDb, [...flags, ...installFlags], { cwd: data, ...owner })
      const listening = [
        `--bind-address=${host}`,
        `--port=${port}`,
        // No socket file: the path of the folder may be too long for one.
        '--socket=',
        '--skip-name-resolve',
        `--init-file=${setUp}`,
      ]
      const server = await startProcess(program, [...flags, ...listening], {
        cwd: data,
        ready: /ready for connections/,
        ...owner,
      })
      folder.watch(server.pid)
      const stop = async (): Promise<void> => {
        server.signal('SIGTERM')
        await server.exited
        folder.remove()
      }
      return {
        port,
        url: `mysql://root@${host}:${port}/${database}`,
        dir: folder.path,
        stop,
        [Symbol.asyncDispose]: stop,
      }
    } catch (error) {
      folder.remove()
      throw error
    }
  })
}
