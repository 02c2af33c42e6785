import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { resolve } from 'node:path'
import { ConfigError } from '../../error.ts'

/** How often the holder shows that it lives. */
const BEAT_MS = 2_000
/** A lock whose holder has not shown that for so long is nobody's. */
const STALE_MS = 10_000
const POLL_MS = 100

/** Of this process. */
const held = new Set<string>()

/**
 * Takes a lock that ends with the process, however that ends: by its number where no process has it, and by its silence where
 * another has got the same number. Returns what gives it back.
 *
 * @throws ConfigError while a living process holds it.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const name = resolve(path)
  if (held.has(name)) throw inUse(path)
  held.add(name)
  try {
    while (!(await create(path))) await removeStale(path)
  } catch (error) {
    held.delete(name)
    throw error
  }
  const beat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, BEAT_MS).unref()
  return async () => {
    clearInterval(beat)
    await rm(path, { force: true })
    held.delete(name)
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Returns when the lock is gone. */
async function removeStale(path: string): Promise<void> {
  const first = await seen(path)
  const patience = performance.now() + STALE_MS
  for (let now = first; now !== undefined; now = await seen(path)) {
    if (now.pid !== first!.pid || now.beat !== first!.beat) throw inUse(path)
    if (!isAlive(now.pid) || performance.now() > patience) return takeAway(path, now.pid)
    await delay(POLL_MS)
  }
}

/** Another process may have done so as well, and hold a lock of its own by now. */
async function takeAway(path: string, pid: number): Promise<void> {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const taken = Number(await readFile(aside, 'utf8'))
  if (taken === pid) return rm(aside, { force: true })
  await rename(aside, path)
  throw inUse(path)
}

async function seen(path: string): Promise<{ pid: number; beat: number } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    return { pid: Number(text), beat: mtimeMs }
  } catch {
    return undefined
  }
}

/** One that bears our own number is of a process before us: ours are known. */
function isAlive(pid: number): boolean {
  if (pid === process.pid || !(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const inUse = (path: string): ConfigError => new ConfigError([{ option: 'writeBehind.journal.path', rule: 'a file that no other process uses', value: path.replace(/\.lock$/, '') }])
