import { describe, expect, it } from 'vitest'
import { copyOf, type Row, toCached } from '../../src/query/rows.ts'

const copy = (rows: readonly Row[]): Row[] => {
  const cached = toCached(rows)
  if (typeof cached === 'string') throw new TypeError(cached)
  return copyOf(cached)
}

describe('a copy', () => {
  const rows = (): Row[] => [{
    n: 1, big: 2n, none: null, day: new Date(5), bytes: Buffer.from('abc'), view: new Uint8Array([1, 2]), list: [1, [{ deep: new Date(6) }]],
    json: JSON.parse('{ "a": { "b": 1 }, "__proto__": { "polluted": true } }') as unknown,
  }]

  it('is what was copied, class by class', () => {
    const [original, copied] = [rows(), copy(rows())]
    expect(copied).toStrictEqual(original)
    expect(Buffer.isBuffer(copied[0]!['bytes'])).toBe(true)
    expect(JSON.stringify(copied[0]!['json'])).toBe(JSON.stringify(original[0]!['json']))
    expect(Object.keys(copied[0]!['json'] as object)).toContain('__proto__')
  })

  it('shares nothing that could be changed', () => {
    const source = rows()
    const cached = toCached(source)
    if (typeof cached === 'string') throw new TypeError(cached)
    for (const row of [source[0]!, copyOf(cached)[0]!]) {
      const { day, bytes, view, list, json } = row as { day: Date; bytes: Buffer; view: Uint8Array; list: [number, [{ deep: Date }]]; json: { a: { b: number } } }
      day.setTime(0)
      bytes[0] = 0
      view[0] = 0
      list[1][0].deep.setTime(0)
      json.a.b = 0
    }
    expect(copyOf(cached)).toStrictEqual(rows())
  })

  it('of plain values is one as well', () => {
    const cached = toCached([{ a: 1 }])
    if (typeof cached === 'string') throw new TypeError(cached)
    expect(cached.isFlat).toBe(true)
    Object.assign(copyOf(cached)[0]!, { a: 2 })
    expect(copyOf(cached)).toEqual([{ a: 1 }])
  })
})

class Interval {
  days = 1
}

it.each<[string, unknown]>([
  ['an instance of a class', new Interval()],
  ['one in JSON', { when: [new Interval()] }],
  ['a function', { at: () => 1 }],
  ['another array of numbers', new Float64Array(1)],
])('does not copy %s', (_, value) => {
  expect(toCached([{ id: 1, plain: 2 }, { id: 1, value }])).toBe('value')
})
