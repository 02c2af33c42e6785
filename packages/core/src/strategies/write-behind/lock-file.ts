import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
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
 * another has got the same number, or lives on another host. Returns what gives it back.
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
    await writeFile(path, `${process.pid} ${hostname()}`, { flag: 'wx' })
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
    if (now.holder !== first!.holder || now.beat !== first!.beat) throw inUse(path)
    if (!mayLive(now.holder) || performance.now() > patience) return takeAway(path, now.holder)
    await delay(POLL_MS)
  }
}

/** Another process may have done so as well, and hold a lock of its own by now. */
async function takeAway(path: string, holder: string): Promise<void> {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  if ((await readFile(aside, 'utf8')) === holder) return rm(aside, { force: true })
  await rename(aside, path)
  throw inUse(path)
}

async function seen(path: string): Promise<{ holder: string; beat: number } | undefined> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    return { holder, beat: mtimeMs }
  } catch {
    return undefined
  }
}

/**
 * Whether a process with the number may live. Of another host, or container, nobody here can tell. One on this host that bears
 * our own number was before us: ours are known.
 */
function mayLive(holder: string): boolean {
  const [number, host] = holder.split(' ')
  const pid = Number(number)
  if (!(pid > 0)) return false
  if (host !== hostname()) return true
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const inUse = (path: string): ConfigError => new ConfigError([{ option: 'writeBehind.journal.path', rule: 'a file that no other process uses', value: path.replace(/\.lock$/, '') }])
