import { expect, it } from 'vitest'
import { renderTable } from '../../src/render/table.ts'
import { batchedLoads } from '../strategies/batched-loads.ts'
import { SlowSource } from '../strategies/slow-source.ts'
import { countWrites } from '../strategies/write-counts.ts'
import { timeWrites } from '../strategies/write-times.ts'
import { WRITERS } from '../strategies/writers.ts'

it('a slow source counts its calls, and takes so many at a time', async () => {
  const source = new SlowSource(1, 2)
  let answered = 0
  const calls = Array.from({ length: 5 }, async () => {
    await source.call()
    return ++answered
  })
  expect(source.calls).toBe(5)
  expect(await calls[0]).toBe(1)
  expect(answered).toBeLessThanOrEqual(2)
  await Promise.all(calls)
  expect(answered).toBe(5)
  await source.call()
  expect(source.calls).toBe(6)
})

it('changes call the source each, or a batch at a time, and with the newest of a key alone', async () => {
  const { rows, columns } = await countWrites(200, 10)
  expect(columns).toHaveLength(6)
  const calls = rows.map(({ name, values: [one, , many, , again] }) => [name, one, many, again])
  expect(calls).toEqual([['the source alone', 1, 1, 1], ['writeThrough', 1, 1, 1], ['writeAround', 1, 1, 1], ['writeBehind', 0.01, 0.01, 0.005]])
  const [alone, ...cached] = rows.map(({ values }) => values[1]!)
  expect(alone).toBe(0)
  expect(Math.min(...cached)).toBeGreaterThanOrEqual(1)
}, 60_000)

it('changes are timed for each way, place and number in flight', async () => {
  const [table, ...others] = await timeWrites(1, [0], () => {}, ['memory'])
  expect(others).toEqual([])
  expect(table!.columns).toEqual(['memory, one in flight', 'memory, 64 in flight'])
  expect(table!.rows.map(({ name }) => name)).toEqual(WRITERS.map(({ name }) => name))
  for (const { values } of table!.rows) expect(values.every((value) => value > 0)).toBe(true)
}, 60_000)

it('loads of one turn are one call of the source', async () => {
  const { rows, columns } = await batchedLoads(50, 1)
  expect(columns).toHaveLength(3)
  expect(rows.map(({ name, values }) => [name, values[0]])).toEqual([
    ['loadMany, called with all', 1],
    ['collection with loadMany', 1],
    ['dataloader without its cache', 1],
    ['collection with load', 50],
    ['load, called for each', 50],
  ])
})

it('a matrix has a column for each condition', () => {
  expect(renderTable({ kind: 'matrix', title: '', columns: ['calls', 'ms'], rows: [{ name: 'ours', values: [1, 1.2345] }, { name: 'rival', values: [1_000, 120.4] }] })).toMatchInlineSnapshot(`
    "|  | calls | ms |
    | --- | ---: | ---: |
    | ours | 1 | 1.23 |
    | rival | 1,000 | 120 |"
  `)
})
