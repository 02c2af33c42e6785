import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Workload } from './workloads.ts'

/** Recorded requests are no part of the project: they are used where they lie beside it. */
const FOLDER = new URL('../../../shared/traces/', import.meta.url)
const ENDING = '.u32.gz'
/** Of each trace. */
const MOST_REQUESTS = 2_000_000

/** Recorded requests: little-endian 32-bit numbers, numbered by first request. None where there are none. */
export function recorded(): Workload[] {
  if (!existsSync(FOLDER)) return []
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(ENDING))
  return files.toSorted().map((file) => {
    const bytes = gunzipSync(readFileSync(new URL(file, FOLDER)))
    const requests = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength / 4, MOST_REQUESTS))
    const keys = requests.reduce((most, key) => Math.max(most, key), 0) + 1
    return { name: file.slice(0, -ENDING.length), about: 'recorded', requests, keys }
  })
}
