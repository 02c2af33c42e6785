import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * One folder per server, all below one folder per test process. A reaper, a shell that waits on
 * a pipe from this process, outlives it however it ends: it kills the servers whose `pid` files
 * are still there and removes everything.
 */
export interface ServerFolder {
  readonly path: string
  /** From here on the reaper kills this process should ours die. */
  watch(pid: number): void
  remove(): void
}

let root: string | undefined
let count = 0

const reaper = `
  cat > /dev/null
  for file in "$0"/*/pid; do [ -f "$file" ] && kill -9 "$(cat "$file")"; done
  rm -rf "$0"
`

export function createServerFolder(kind: string): ServerFolder {
  root ??= createRoot()
  const path = join(root, `${kind}-${++count}`)
  mkdirSync(path)
  letOthersPass(path)
  return {
    path,
    watch: (pid) => writeFileSync(join(path, 'pid'), String(pid)),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}

function createRoot(): string {
  const path = mkdtempSync(join(tmpdir(), 'stratacache-servers-'))
  letOthersPass(path)
  const child: ChildProcess = spawn('sh', ['-c', reaper, path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.unref()
  const pipe = child.stdin as unknown as { unref(): void }
  pipe.unref()
  return path
}

/** Run as root, PostgreSQL and MariaDB are another user and have to pass through, whatever the umask. */
function letOthersPass(path: string): void {
  chmodSync(path, 0o755)
}
