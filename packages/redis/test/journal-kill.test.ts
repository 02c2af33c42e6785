import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis, until } from 'test-support'
import { afterAll, expect, it } from 'vitest'

const WORKER = join(import.meta.dirname, 'journal-worker.ts')
const KILLS = 12
/** A loaded machine takes its time to start processes. */
const LONG_MS = 120_000

const server = await startRedis()
const admin = new Redis(server.url)
const folder = mkdtempSync(join(tmpdir(), 'stratacache-journal-'))
const source = join(folder, 'source')
const running = new Set<ChildProcess>()

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  admin.disconnect()
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Starts a worker; resolves when it has written so many lines. */
async function worker(name: string, lines: number): Promise<{ child: ChildProcess; output: () => string[] }> {
  const child = spawn(process.execPath, ['--conditions=stratacache-source', WORKER, server.url, source, name], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  let text = ''
  const output = (): string[] => text.split('\n').slice(0, -1)
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (output().length >= lines) resolve()
    })
  })
  return { child, output }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await once(child, 'close')
  running.delete(child)
}

/** The last value of each key, of lines `key=value`. */
const latest = (lines: readonly string[]): Map<string, number> => new Map(lines.map((line) => [line.split('=')[0]!, Number(line.split('=')[1])]))

const written = (): string[] => (existsSync(source) ? readFileSync(source, 'utf8').split('\n').slice(0, -1) : [])

it(`journal: redis, ${KILLS} processes killed with -9: what they had accepted another one writes`, { timeout: LONG_MS }, async () => {
  const survivor = await worker('idle', 1)
  const accepted: string[] = []
  for (let round = 0; round < KILLS; round++) {
    // A different moment each time.
    const { child, output } = await worker(`w${round}`, 1 + ((round * 37) % 90))
    await end(child, 'SIGKILL')
    accepted.push(...output())
  }
  const isLost = ([key, value]: [string, number]): boolean => !(latest(written()).get(key)! >= value)
  await until('everything to be written', async () => ![...latest(accepted)].some(isLost))
  await until('everything to be done', async () => (await admin.keys('*')).every((key) => !key.endsWith('{default:numbers}')) || (await admin.xlen('strata:1:j:{default:numbers}')) === 0)
  expect(accepted.length).toBeGreaterThan(KILLS)
  expect([...latest(accepted)].filter(isLost)).toEqual([])
  for (const key of latest(written()).keys()) {
    const values = written().filter((line) => line.startsWith(`${key}=`)).map((line) => Number(line.split('=')[1]))
    expect(values).toEqual(values.toSorted((a, b) => a - b))
  }
  await end(survivor.child, 'SIGTERM')
})
