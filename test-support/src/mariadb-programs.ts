import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

export interface MariadbPrograms {
  server: string
  installDb: string
}

/** Debian and Fedora keep the server where not every PATH leads. */
const besidesPath = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec']

/** Whether the system has MariaDB: no package for npm brings it, so its tests have to do without. */
export function hasMariadb(): boolean {
  return findPrograms() !== undefined
}

export function mariadbPrograms(): MariadbPrograms {
  const programs = findPrograms()
  if (programs === undefined) {
    throw new Error('mariadbd and mariadb-install-db are not on the PATH: install MariaDB')
  }
  return programs
}

function findPrograms(): MariadbPrograms | undefined {
  const server = find('mariadbd')
  const installDb = find('mariadb-install-db')
  return server && installDb ? { server, installDb } : undefined
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...besidesPath]
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
