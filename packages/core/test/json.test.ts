import { json, SerializationError } from '@stratacache/core'
import { describe, expect, it } from 'vitest'

const { serialize, deserialize } = json()
const roundTrip = (value: unknown): unknown => deserialize(serialize(value))

describe('json()', () => {
  it('writes plain JSON text', () => {
    expect(Buffer.from(serialize({ id: 42, name: 'Ada 💡', team: null })).toString()).toBe('{"id":42,"name":"Ada 💡","team":null}')
  })

  it.each([[null], [true], [0], [-1.5e300], [''], ['\ud800 alone'], [[]], [{}], [{ a: [{ b: 'c' }] }]])('brings back %j', (value) => {
    expect(roundTrip(value)).toEqual(value)
  })

  it('leaves __proto__ data', () => {
    const value = JSON.parse('{"__proto__":{"admin":true}}') as object
    expect(Object.hasOwn(roundTrip(value) as object, '__proto__')).toBe(true)
    expect((roundTrip(value) as { admin?: boolean }).admin).toBeUndefined()
  })

  const cyclic: { self?: object } = {}
  cyclic.self = cyclic
  const sparse: unknown[] = [1]
  sparse[2] = 3
  const refused: [string, unknown, string][] = [
    ['undefined', { a: { b: undefined } }, 'value.a.b is undefined'],
    ['an array with undefined', [1, undefined], 'value[1] is undefined'],
    ['NaN', { a: [Number.NaN] }, 'value.a[0] is NaN, an infinity or -0'],
    ['-0', -0, 'value is NaN, an infinity or -0'],
    ['a bigint', { n: 1n }, 'value.n is a bigint'],
    ['a function', { f: () => 1 }, 'value.f is a function'],
    ['a Date', { at: new Date(0) }, 'value.at is neither a plain object nor a plain array'],
    ['a Map', [new Map()], 'value[0] is neither a plain object nor a plain array'],
    ['a Buffer', Buffer.from('x'), 'value is neither a plain object nor a plain array'],
    ['an instance of a class', new (class Money {})(), 'value is neither'],
    ['an object that says what it is in JSON', { toJSON: () => 1 }, 'value is neither'],
    ['symbol keys', { [Symbol('s')]: 1 }, 'value is neither'],
    ['an array with fields', { match: /b/.exec('abc') }, 'value.match is neither'],
    ['an array with symbol keys', Object.assign([1], { [Symbol('s')]: 1 }), 'value is neither'],
    ['an array of a class', new (class Rows extends Array {})(), 'value is neither'],
    ['a sparse array', { sparse }, 'value.sparse is a sparse array'],
    ['a sparse array with a field', Object.assign(sparse.slice(), { x: 1 }), 'value is a sparse array'],
    ['a cycle', cyclic, 'nested more than 64 deep, or part of a cycle'],
  ]
  it.each(refused)('refuses %s and names the place', (_, value, message) => {
    expect(() => serialize(value)).toThrow(SerializationError)
    expect(() => serialize(value)).toThrow(message)
  })

  it('never tells what it has read or refused', () => {
    expect(() => serialize({ password: 'hunter2', when: new Date(0) })).toThrow(/^value\.when is neither a plain object nor a plain array, which JSON cannot represent$/)
    const error = (() => {
      try {
        return deserialize(Buffer.from('hunter2'))
      } catch (thrown) {
        return thrown as Error
      }
    })() as Error
    expect(error).toBeInstanceOf(SerializationError)
    expect(`${error.message} ${String(error.cause)}`).not.toContain('hunter')
  })
})
