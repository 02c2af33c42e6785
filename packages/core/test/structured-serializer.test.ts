import { SerializationError } from '@stratacache/core'
import { structuredSerializer } from '@stratacache/core/shared'
import { inspect, isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { seeded } from './fuzz.ts'

const serializer = structuredSerializer()
const roundTrip = (value: unknown): unknown => serializer.deserialize(serializer.serialize(value))

describe('the default serializer', () => {
  const cyclic: Record<string, unknown> = { name: 'cycle' }
  cyclic['self'] = cyclic
  const deep = Array.from({ length: 500 }).reduce<unknown>((inner) => ({ inner }), 'bottom')
  const sparse: unknown[] = [1]
  sparse[2] = 3
  const values: Record<string, unknown> = {
    'plain data': { id: 1, name: 'x', tags: ['a', 'b'], nested: { ok: true, none: null } },
    'undefined in an object': { a: undefined, b: [undefined] },
    'null': null,
    'NaN and infinities': [Number.NaN, Infinity, -Infinity],
    'minus zero': [-0, { n: -0 }],
    'bigint': 12_345_678_901_234_567_890n,
    'Date': { at: new Date(0), never: new Date(Number.NaN) },
    'RegExp': /a[b]+c/giu,
    'Map and Set, nested': new Map<unknown, unknown>([['k', new Set([1, new Map([[{ o: 1 }, [2n]]])])]]),
    'Error': new RangeError('out', { cause: new Error('inner') }),
    'Buffer': { bytes: Buffer.from('hello') },
    'typed arrays': [new Uint8Array([1, 2]), new Float64Array([1.5]), new BigInt64Array([1n]), new DataView(new ArrayBuffer(3))],
    'ArrayBuffer': new Uint8Array([1, 2, 3]).buffer,
    'a sparse array': sparse,
    'a lone surrogate': '\ud800',
    'a cycle': cyclic,
    'deep nesting': deep,
    'an object without prototype': Object.assign(Object.create(null), { a: 1 }),
    'empty containers': [{}, [], '', new Map(), new Set()],
  }
  for (const [name, value] of Object.entries(values)) {
    it(`brings back ${name}`, () => expect(roundTrip(value)).toEqual(value))
  }

  it('keeps types apart that compare equal', () => {
    expect(roundTrip(Buffer.from('x'))).toBeInstanceOf(Buffer)
    expect(Object.is((roundTrip([-0]) as number[])[0], -0)).toBe(true)
    expect(Object.hasOwn(roundTrip({ a: undefined }) as object, 'a')).toBe(true)
    expect(1 in (roundTrip(sparse) as object)).toBe(false)
  })

  it('leaves __proto__ data', () => {
    for (const text of ['{"__proto__":{"admin":true},"a":1}', '{"__proto__":{"admin":true},"a":{"b":1}}']) {
      for (const extra of [{}, { big: 1n }]) {
        const value = Object.assign(JSON.parse(text) as object, extra)
        const back = roundTrip(value) as { admin?: boolean }
        expect(Object.hasOwn(back, '__proto__')).toBe(true)
        expect(back.admin).toBeUndefined()
        expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
      }
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('buffers in a value do not share memory with what was stored', () => {
    const bytes = serializer.serialize({ data: new Uint8Array([1, 2, 3]) })
    const first = serializer.deserialize(bytes) as { data: Uint8Array }
    first.data[0] = 9
    expect(serializer.deserialize(bytes)).toEqual({ data: new Uint8Array([1, 2, 3]) })
  })

  it('brings back two thousand random mixes of all of them', () => {
    const random = seeded(3)
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
    // Invalid dates are equal to nothing on Node 22.
    const others = Object.entries(values).filter(([name]) => !['Date', 'deep nesting', 'an object without prototype'].includes(name))
    const leaves = [...others.map(([, value]) => value), new Date(5)]
    const plain = [1, -1.5e-7, 'text', '', 'ünï💡', true, false, null]
    const mix = (depth: number, atoms: readonly unknown[]): unknown => {
      if (depth === 0 || random() < 0.2) return pick(atoms)
      const parts = Array.from({ length: Math.floor(random() * 4) }, () => mix(depth - 1, atoms))
      const isPlain = atoms === plain
      const kind = Math.floor(random() * (isPlain ? 2 : 4))
      if (kind === 0) return parts
      if (kind === 1) return Object.fromEntries(parts.map((part, index) => [pick(['a', 'b c', '__proto__x', '0', 'ü', `f${index}`]), part]))
      return kind === 2 ? new Set(parts) : new Map(parts.map((part, index) => [pick<unknown>([index, part]), part]))
    }
    for (let i = 0; i < 2_000; i++) {
      const value = mix(5, i % 2 === 0 ? plain : [...plain, ...leaves])
      expect(isDeepStrictEqual(roundTrip(value), value), inspect(value, { depth: null })).toBe(true)
    }
  })

  class Money {
    cents = 1
  }
  class HttpError extends Error {}
  const detached = new ArrayBuffer(8)
  structuredClone(detached, { transfer: [detached] })
  const inSearch = /a/g
  inSearch.lastIndex = 2
  const refused: Record<string, unknown> = {
    'a function': () => 1,
    'a symbol': Symbol('s'),
    'a nested function': { a: [{ f: () => 1 }] },
    'an instance of a class': new Money(),
    'a nested instance': new Map([['m', new Money()]]),
    'an instance as the key of a map': new Map([[new Money(), 1]]),
    'an instance in a set': [new Set([1, new Money()])],
    'an instance as the cause of an error': new Error('x', { cause: new Money() }),
    'a renamed error': Object.defineProperty(new Error('x'), 'name', { value: 'HttpError' }),
    'an instance of a subclass of Map': new (class extends Map {})(),
    'a custom error': new HttpError('x'),
    'an error with fields': Object.assign(new Error('x'), { status: 404 }),
    'an object with symbol keys': { [Symbol('s')]: 1 },
    'a promise': Promise.resolve(1),
    'a WeakMap': new WeakMap(),
    'a proxy': { clone: 1n, proxy: new Proxy({}, {}) },
    'a detached buffer': detached,
    'a RegExp in the middle of a search': inSearch,
  }
  for (const [name, value] of Object.entries(refused)) {
    it(`refuses ${name}`, () => expect(() => serializer.serialize(value)).toThrow(SerializationError))
  }

  it('names the place, never the value', () => {
    expect(() => serializer.serialize({ user: { password: 'hunter2', hash: () => 1 } })).toThrow(/^value\.user\.hash is a function, which cannot be stored$/)
  })
})
