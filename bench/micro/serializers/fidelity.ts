import { isDeepStrictEqual } from 'node:util'
import type { SerializerArm } from './arms.ts'

/** What the default serializer has to bring back, by itself and nested. */
const KEPT: Readonly<Record<string, unknown>> = {
  'undefined in an object': { a: undefined },
  null: { a: null },
  NaN: Number.NaN,
  '-0': -0,
  bigint: -(2n ** 70n),
  Date: new Date(1_234),
  RegExp: /a[b]+c/giu,
  Map: new Map<unknown, unknown>([[{ key: 1 }, new Map()]]),
  Set: new Set([1, 'a']),
  Error: new RangeError('out', { cause: new Error('inner') }),
  Buffer: Buffer.from('bytes'),
  'typed arrays': [new Uint8Array([1]), new Int16Array([-2]), new Float64Array([1.5]), new BigInt64Array([1n])],
  'a __proto__ key': JSON.parse('{"__proto__":{"a":1},"b":2}'),
  'an array as long as it is': [1, undefined, 2],
  'a lone surrogate': '\ud800',
}

class Money {
  readonly cents = 1
}

/** What nobody can bring back, so that it has to be refused. */
const REFUSED: Readonly<Record<string, unknown>> = {
  'a function': { a: () => 1 },
  'an instance of a class': { a: new Money() },
  'a symbol as a key': { [Symbol('a')]: 1, b: 2 },
  'a field of an array': Object.assign([1], { total: 7 }),
}

/** The first thing that comes back otherwise than it went, or not at all; `undefined` for none. */
export function firstBroken(arm: SerializerArm): string | undefined {
  return Object.entries(KEPT).find(([, value]) => ![value, { nested: [value] }].every((each) => bringsBack(arm, each)))?.[0]
}

/** The first thing that is neither brought back nor refused; `undefined` for none. */
export function firstChanged(arm: SerializerArm): string | undefined {
  return Object.entries(REFUSED).find(([, value]) => {
    try {
      return !isSame(arm.deserialize(Buffer.from(arm.serialize(value))), value)
    } catch {
      return false
    }
  })?.[0]
}

export function bringsBack(arm: SerializerArm, value: unknown): boolean {
  try {
    return isSame(arm.deserialize(Buffer.from(arm.serialize(value))), value)
  } catch {
    return false
  }
}

/** `isDeepStrictEqual` looks at no cause. */
function isSame(a: unknown, b: unknown): boolean {
  const causes = [a, b].map((value) => (value instanceof Error ? value.cause : undefined))
  return isDeepStrictEqual(a, b) && isDeepStrictEqual(causes[0], causes[1])
}
