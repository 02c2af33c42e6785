import { expect, it } from 'vitest'
import { SqlMemo } from '../../src/sql/memo.ts'

function counting(): { readonly memo: SqlMemo<string>; readonly computed: string[] } {
  const computed: string[] = []
  return { computed, memo: new SqlMemo((sql) => (computed.push(sql), sql.toUpperCase())) }
}

it('computes each text once', () => {
  const { memo, computed } = counting()
  expect([memo.of('a'), memo.of('b'), memo.of('a'), memo.of('A')]).toEqual(['A', 'B', 'A', 'A'])
  expect(computed).toEqual(['a', 'b', 'A'])
})

it('does not keep long texts', () => {
  const { memo, computed } = counting()
  const [long, longest] = ['x'.repeat(10_001), 'x'.repeat(10_000)]
  for (const sql of [long, long, longest, longest]) expect(memo.of(sql)).toBe(sql.toUpperCase())
  expect(computed).toEqual([long, long, longest])
})

it('forgets where there is no end to them', () => {
  const { memo, computed } = counting()
  for (let i = 0; i < 2_000; i++) memo.of(`${i}`)
  memo.of('0')
  expect(computed).toHaveLength(2_000)
  memo.of('another')
  memo.of('0')
  expect(computed.slice(2_000)).toEqual(['another', '0'])
})
