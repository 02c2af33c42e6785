import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Results } from './results.ts'

const COMPARED = [
  'bentocache', 'cache-manager', '@keyv/redis', 'cacheable', 'cbor-x', 'dataloader', 'devalue', 'ioredis', 'layered-loader', 'lru-cache', 'msgpackr', 'redis', 'seroval',
  'superjson',
]

/** Where and with what the bench runs; nothing that names the machine. */
export function environment(): Omit<Results, 'sections'> {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  return {
    command: 'pnpm bench',
    node: process.version,
    cpus: availableParallelism(),
    date: new Date().toISOString().slice(0, 10),
    versions: Object.fromEntries(COMPARED.map((name) => [name, devDependencies[name]!])),
  }
}
