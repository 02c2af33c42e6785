import { entrySize } from '../../src/memory/size.ts'
import { SHAPES } from './shapes.ts'

/* Prints what each shape takes of the heap, and what it is estimated to take, as JSON. Needs --expose-gc. */

const COPIES = 10_000
const gc = globalThis.gc!

function used(): number {
  gc()
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const nothing = entrySize('', undefined)
const measured = Object.entries(SHAPES).map(([name, make]) => {
  for (let copy = 0; copy < 200; copy++) make()
  const kept: unknown[] = Array.from({ length: COPIES })
  const before = used()
  for (let copy = 0; copy < COPIES; copy++) kept[copy] = make()
  const bytes = (used() - before) / COPIES
  const estimated = kept.reduce<number>((sum, value) => sum + entrySize('', value) - nothing, 0) / COPIES
  return { name, bytes, estimated }
})
console.log(JSON.stringify(measured))
