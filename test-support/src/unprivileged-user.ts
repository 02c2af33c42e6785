import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface SystemUser {
  uid: number
  gid: number
}

/** PostgreSQL and MariaDB refuse to run as root; there they run as `nobody`, whom every system has. */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const id = async (flag: string): Promise<number> => {
    const { stdout } = await promisify(execFile)('id', [flag, 'nobody'])
    return Number(stdout)
  }
  return { uid: await id('-u'), gid: await id('-g') }
}
