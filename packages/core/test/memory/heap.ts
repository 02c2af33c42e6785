import { entrySize } from '../../src/memory/size.ts'
import { SHAPES } from './shapes.ts'

/* Prints what each shape takes of the heap, and what it is estimated to take, as JSON. Needs --expose-gc. */

const COPIES = 4_000
/** The engine frees and makes things of its own meanwhile; half of the rounds are free of it. */
const ROUNDS = 5
const gc = globalThis.gc!

function used(): number {
  gc()
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function fill(make: () => unknown, kept: unknown[]): number {
  kept.fill(undefined)
  const before = used()
  for (let copy = 0; copy < COPIES; copy++) kept[copy] = make()
  return (used() - before) / COPIES
}

const nothing = entrySize('', undefined)
const measured = Object.entries(SHAPES).map(([name, make]) => {
  const kept: unknown[] = Array.from({ length: COPIES })
  const rounds = Array.from({ length: ROUNDS }, () => fill(make, kept)).toSorted((a, b) => a - b)
  const estimated = kept.reduce<number>((sum, value) => sum + entrySize('', value) - nothing, 0) / COPIES
  return { name, bytes: rounds[ROUNDS >> 1]!, estimated }
})
console.log(JSON.stringify(measured))
