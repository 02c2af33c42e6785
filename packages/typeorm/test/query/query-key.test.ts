import { DataSource } from 'typeorm'
import { expect, it } from 'vitest'
import { queryKey } from '../../src/query/query-key.ts'

const on = (database: string): DataSource => new DataSource({ type: 'postgres', database })
const one = on('one')

const made = (): readonly (readonly unknown[])[] => [
  [], [''], [null], [undefined], [0], [-0], [1], ['1'], [1n], [true], ['true'], [NaN], ['NaN'], [Infinity], [1.5], [[]], [[1]], [1, 1], ['1', 1],
  [new Date(1)], [new Date(1).toISOString()], [new Date(NaN)], [Buffer.from('1')], [new Uint8Array([49])], [{ a: 1 }], [{ a: '1' }], [{}],
  ['["1"]'], ['\ud800'], ['\ufffd'], ['a\0b'], ['a', 'b'], ['a\0', 'b'], ['[1]'],
]
const lists = made()

it('tells parameters apart, and their types', () => {
  const keys = lists.map((list) => queryKey('SELECT ?', list, one))
  expect(new Set(keys).size).toBe(lists.length)
})

it('is the same for the same', () => {
  for (const [i, list] of made().entries()) expect(queryKey('SELECT ?', list, one)).toBe(queryKey('SELECT ?', lists[i]!, one))
})

it('tells queries apart, and databases', () => {
  const keys = [queryKey('SELECT 1', [], one), queryKey('SELECT 2', [], one), queryKey('SELECT 1', [], on('two'))]
  expect(new Set(keys).size).toBe(3)
})

it('shows no value', () => {
  expect(queryKey('SELECT ?', ['secret'], one)).toMatch(/^@typeorm:query:[\w-]{43}$/)
})
