import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const WRITER = join(import.meta.dirname, 'writer-process.ts')
const KILLS = 20
/** A loaded machine takes its time to start processes. */
const LONG_MS = 120_000

let folder: string
const running = new Set<ChildProcess>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stratacache-write-behind-'))
})

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Writer {
  readonly child: ChildProcess
  /** Resolves when so many changes were accepted. */
  accepted(count: number): Promise<void>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; lines: readonly string[] }>
}

function writer(mode: string, journal: boolean, first: string = ''): Writer {
  const paths = [join(folder, 'source'), journal ? join(folder, 'journal') : '']
  const child = spawn(process.execPath, ['--conditions=stratacache-source', WRITER, mode, ...paths, first], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  const waiting: { count: number; resolve: () => void }[] = []
  const count = (): number => output.split('\n').length - 1
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    for (const waiter of waiting) if (count() >= waiter.count) waiter.resolve()
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, lines: output.split('\n').slice(0, -1) }
  })
  const accepted = (wanted: number): Promise<void> => new Promise((resolve) => (count() >= wanted ? resolve() : waiting.push({ count: wanted, resolve })))
  return { child, accepted, ended }
}

const source = (): string[] => (existsSync(join(folder, 'source')) ? readFileSync(join(folder, 'source'), 'utf8').split('\n').slice(0, -1) : [])

/** The last value of each key, of lines `key=value`. */
function latest(lines: readonly string[]): Map<string, number> {
  return new Map(lines.map((line) => [line.split('=')[0]!, Number(line.split('=')[1])]))
}

describe('an accepted change', () => {
  it(`survives kill -9 with a journal: ${KILLS} kills, none lost, none out of order`, { timeout: LONG_MS }, async () => {
    const accepted: string[] = []
    for (let round = 0; round < KILLS; round++) {
      const process = writer('write', true, String(1 + round * 1_000_000))
      // A different moment each time.
      await process.accepted(1 + ((round * 37) % 90))
      process.child.kill('SIGKILL')
      accepted.push(...(await process.ended).lines)
    }
    const { code } = await writer('recover', true).ended
    expect(code).toBe(0)
    const written = latest(source())
    const lost = [...latest(accepted)].filter(([key, value]) => !(written.get(key)! >= value))
    expect(accepted.length).toBeGreaterThan(KILLS)
    expect(lost).toEqual([])
    for (const key of written.keys()) {
      const values = source().filter((line) => line.startsWith(`${key}=`)).map((line) => Number(line.split('=')[1]))
      expect(values).toEqual(values.toSorted((a, b) => a - b))
    }
    // What is done stays done.
    const before = source().length
    await writer('recover', true).ended
    expect(source().length).toBe(before)
  })

  it('does not without one, which shows that the test can tell', async () => {
    const { child, accepted, ended } = writer('once', false, 'wait')
    await accepted(3)
    child.kill('SIGKILL')
    await ended
    expect(source()).toEqual([])
  })

  it('is written on SIGTERM, and the process ends by it', async () => {
    const { child, accepted, ended } = writer('once', false, 'wait')
    await accepted(3)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(source()).toEqual(['k1=1', 'k2=2', 'k3=3'])
  })

  it('SIGTERM is left to the program where it listens itself', async () => {
    const { child, accepted, ended } = writer('once', false, 'listen')
    await accepted(3)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 7, signal: null })
    expect(source()).toEqual(['k1=1', 'k2=2', 'k3=3'])
  })

  it('a source that is down does not keep the program from ending', async () => {
    const { child, ended } = writer('fail', false)
    let errors = ''
    child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    expect(await ended).toMatchObject({ code: 0 })
    expect(errors).toContain("the source of collection 'numbers' has not taken 3 changes")
  })

  it('is written when the program is at its end', async () => {
    expect(await writer('once', false).ended).toMatchObject({ code: 0 })
    expect(source()).toEqual(['k1=1', 'k2=2', 'k3=3'])
  })
})
