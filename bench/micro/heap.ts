import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Steps } from '../src/progress.ts'
import type { Section } from '../src/results.ts'
import type { HeapTable } from '../src/tables.ts'

const PROCESS = fileURLToPath(new URL('heap-process.ts', import.meta.url))
const OURS = 'stratacache'
const RIVAL = 'lru-cache with ttl'
const NAMES = ['Map', RIVAL, OURS]
const COUNTS = [1_000, 10_000, 100_000, 1_000_000]

/** What an entry takes of memory, beside its key and its value. */
export async function heap(steps: Steps): Promise<Section> {
  const step = steps(COUNTS.length)
  const rows: HeapTable['rows'][number][] = []
  for (const entries of COUNTS) {
    step(`${entries} entries`)
    const bytes: Record<string, number> = {}
    for (const name of NAMES) bytes[name] = await bytesOf(name, entries)
    rows.push({ entries, bytes })
  }
  const million = rows.at(-1)!.bytes
  return {
    name: 'heap',
    title: 'Memory per entry',
    about: 'Each cache is filled to its bound in a process of its own. Keys and the one value that all entries share are there before; what the heap and what is allocated outside of it have grown by, after a collection, is divided by the entries.',
    tables: [{ kind: 'heap', title: 'Bytes per entry', names: NAMES, rows }],
    targets: [{ text: `bytes per entry against ${RIVAL}, a million entries`, measured: million[OURS]! / million[RIVAL]!, rule: 'at most', limit: 1.1, unit: ' ×' }],
  }
}

async function bytesOf(name: string, entries: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROCESS, name, String(entries)])
  return Number(stdout)
}
