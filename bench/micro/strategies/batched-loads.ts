import { createCache, memory } from '@stratacache/core'
import DataLoader from 'dataloader'
import { compare, type Timed } from '../../src/compare.ts'
import type { MatrixTable } from '../../src/tables.ts'
import { TTL_MS } from '../libraries/library.ts'
import { SlowSource } from './slow-source.ts'

const SOURCE_MS = 1
/** Calls that the source takes at a time. */
const LIMITS = [Infinity, 10]

/** A way to load many values. */
interface LoadArm {
  readonly name: string
  /** What answers all of `ids`, which were never asked for before, in one turn. */
  readonly open: (source: SlowSource) => (ids: readonly number[]) => Promise<readonly (number | undefined)[]>
}

const rowOf = (id: number): number => 2 * id

const one = (source: SlowSource) => async (id: number): Promise<number> => {
  await source.call()
  return rowOf(id)
}

const many = (source: SlowSource) => async (ids: readonly number[]): Promise<number[]> => {
  await source.call()
  return ids.map(rowOf)
}

const ARMS: readonly LoadArm[] = [
  { name: 'loadMany, called with all', open: many },
  {
    name: 'collection with loadMany',
    open(source) {
      const rows = createCache({ tiers: [memory({ maxEntries: 10_000 })], ttl: TTL_MS }).collection('rows', { loadMany: many(source) })
      return (ids) => Promise.all(ids.map((id) => rows.get(id)))
    },
  },
  {
    name: 'dataloader without its cache',
    open(source) {
      const loader = new DataLoader<number, number>(many(source), { cache: false })
      return (ids) => Promise.all(ids.map((id) => loader.load(id)))
    },
  },
  {
    name: 'collection with load',
    open(source) {
      const rows = createCache({ tiers: [memory({ maxEntries: 10_000 })], ttl: TTL_MS }).collection('rows', { load: one(source) })
      return (ids) => Promise.all(ids.map((id) => rows.get(id)))
    },
  },
  { name: 'load, called for each', open: (source) => (ids) => Promise.all(ids.map(one(source))) },
]

/** Many values that no tier has, asked for in one turn. */
export async function batchedLoads(keys: number, rounds: number): Promise<MatrixTable> {
  const values = ARMS.map((): number[] => [])
  for (const limit of LIMITS) {
    const arms = ARMS.map((arm) => timed(arm, limit, keys))
    const timings = await compare(arms, rounds, undefined)
    arms.forEach(({ calls }, row) => {
      if (limit === Infinity) values[row]!.push(calls())
      values[row]!.push(timings[row]!.ns / 1e6)
    })
  }
  return {
    kind: 'matrix',
    title: `${keys.toLocaleString('en')} keys of a collection, read in one turn`,
    columns: ['source calls', 'ms, any number of calls at a time', 'ms, ten calls at a time'],
    rows: ARMS.map(({ name }, row) => ({ name, values: values[row]! })),
  }
}

/** `calls`: of the last time. Nanoseconds are of all keys together. */
function timed({ name, open }: LoadArm, limit: number, keys: number): Timed<undefined> & { readonly calls: () => number } {
  const source = new SlowSource(SOURCE_MS, limit)
  const read = open(source)
  let next = 0
  return {
    name,
    calls: () => source.calls,
    async time() {
      const ids = Array.from({ length: keys }, () => next++)
      source.calls = 0
      const begun = performance.now()
      const rows = await read(ids)
      const ns = (performance.now() - begun) * 1e6
      if (!ids.every((id, index) => rows[index] === rowOf(id))) throw new Error(`${name} answered wrong`)
      return ns
    },
  }
}
