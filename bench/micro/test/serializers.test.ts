import { expect, it } from 'vitest'
import { renderTable } from '../../src/render/table.ts'
import { timing } from '../../src/timing.ts'
import { DEFAULT, PLAIN } from '../serializers/arms.ts'
import { bringsBack, firstBroken, firstChanged } from '../serializers/fidelity.ts'
import { VALUES } from '../serializers/values.ts'

it('the default serializer keeps or refuses everything, JSON does neither', () => {
  expect([firstBroken(DEFAULT), firstChanged(DEFAULT)]).toEqual([undefined, undefined])
  expect([firstBroken(PLAIN), firstChanged(PLAIN)]).toEqual(['undefined in an object', 'a function'])
})

it('all values but the last are plain data', () => {
  expect(Object.values(VALUES).map((value) => bringsBack(PLAIN, value))).toEqual([true, true, true, false])
})

it('tables tell times, their ratio to the baseline, and what is broken', () => {
  const rows = [
    { name: 'JSON', bytes: 1_000, serialize: timing('JSON', [1_000]), deserialize: timing('JSON', [2_000]) },
    { name: 'ours', bytes: 900, serialize: timing('ours', [1_500]), deserialize: timing('ours', [1_000]) },
  ]
  expect(renderTable({ kind: 'serializer', title: '', baseline: 'JSON', rows })).toMatchInlineSnapshot(`
    "|  | serialize, µs | × JSON | deserialize, µs | × JSON | bytes |
    | --- | ---: | ---: | ---: | ---: | ---: |
    | JSON | 1 | 1.00 | 2 | 1.00 | 1,000 |
    | ours | 1.5 | 1.50 | 1 | 0.50 | 900 |"
  `)
  expect(renderTable({ kind: 'serializer', title: '', baseline: 'JSON', rows: rows.slice(1) })).toMatchInlineSnapshot(`
    "|  | serialize, µs | deserialize, µs | bytes |
    | --- | ---: | ---: | ---: |
    | ours | 1.5 | 1 | 900 |"
  `)
  expect(renderTable({ kind: 'fidelity', title: '', rows: [{ name: 'ours' }, { name: 'rival', breaks: '-0', changes: 'a function' }] })).toMatchInlineSnapshot(`
    "|  | round-trips all of the list | refuses what it cannot keep |
    | --- | ---: | ---: |
    | ours | yes | yes |
    | rival | no: -0 | no: a function |"
  `)
})
