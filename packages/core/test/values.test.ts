import { ConfigError, createCache, keyText, memory, parseDuration } from '@stratacache/core'
import { describe, expect, it } from 'vitest'
import { argumentsKey } from '../src/argument-key.ts'
import { enclosingPaths, namespacePath, qualify, unqualify } from '../src/key.ts'

describe('durations', () => {
  it('are milliseconds or carry their unit', () => {
    expect(['250ms', '30s', '5m', '2h', '1d', '1.5s', 7, 0].map(parseDuration)).toEqual([250, 30_000, 300_000, 7_200_000, 86_400_000, 1_500, 7, 0])
  })

  it('anything else is none', () => {
    for (const bad of ['5', 'soon', '-1s', '5 m', '', '1w', -1, Number.NaN, null, undefined, {}]) expect(parseDuration(bad)).toBeUndefined()
  })
})

describe('keys', () => {
  it('are strings, or parts that are escaped and joined', () => {
    expect(keyText('a:b')).toBe('a:b')
    expect(keyText(['user', 42])).toBe('user:42')
    expect(keyText(['a:b', 'c%'])).toBe('a%3Ab:c%25')
    expect(keyText([1n, true, -0.5])).toBe('1:true:-0.5')
  })

  it('different parts never meet', () => {
    const keys: string[][] = [['a', 'b'], ['a:b'], ['a%3Ab'], ['a', '', 'b'], ['', 'a', 'b'], ['a', 'b', '']]
    expect(new Set(keys.map((parts) => keyText(parts))).size).toBe(keys.length)
  })

  it('other things are refused', () => {
    for (const bad of [[], [undefined], [Number.NaN], [{}], undefined, 42, null]) expect(() => keyText(bad as never)).toThrow(ConfigError)
  })

  it('of namespaces never meet, whatever their names', () => {
    const paths = [namespacePath(undefined, 'a'), namespacePath('a', 'b'), namespacePath(undefined, 'a/b'), namespacePath(undefined, 'a:b'), namespacePath(undefined, '*')]
    expect(new Set([...paths, '*']).size).toBe(6)
    expect(unqualify(qualify('a/b', 'k:1'))).toEqual({ path: 'a/b', text: 'k:1' })
    expect(unqualify('a/b')).toBeUndefined()
    expect(enclosingPaths('a/b/c')).toEqual(['*', 'a', 'a/b', 'a/b/c'])
  })

  it('with any characters work; ill-formed ones are refused', async () => {
    const cache = createCache({ tiers: [memory({ maxEntries: 100 })] })
    for (const key of ['', ' ', '\n\r\0', '{a}', '}{', '%', '*', '🦊', '__proto__', 'constructor', 'x'.repeat(1_000_000)]) {
      await cache.set(key, { key }, { tags: [key] })
      expect(await cache.get(key)).toEqual({ key })
      await cache.invalidateTags(key)
      expect(await cache.get(key)).toBeUndefined()
    }
    await expect(cache.get('\ud800')).rejects.toThrow('lone surrogates')
    await expect(cache.set('a', 1, { tags: ['\udfff'] })).rejects.toThrow('lone surrogates')
    await expect(cache.invalidateTags('\ud800')).rejects.toThrow('lone surrogates')
    await expect(cache.getOrSet(['a', undefined] as never, () => 1)).rejects.toThrow(ConfigError)
  })
})

describe('keys of arguments', () => {
  it('are equal for equal arguments, whatever the order of fields', () => {
    expect(argumentsKey([{ a: 1, b: [2] }])).toBe(argumentsKey([{ b: [2], a: 1 }]))
    expect(argumentsKey([])).toBe('')
  })

  it('differ for different arguments and types', () => {
    const args = [[1], ['1'], [1n], [true], ['true'], [null], [undefined], [[1]], [{ 0: 1 }], [new Date(1)], ['Date(1)'], [1, 2], ['1,2'], [-0], [0], [{}], [[]]]
    expect(new Set(args.map(argumentsKey)).size).toBe(args.length)
  })

  it('of long arguments are hashed, of unstable ones refused', () => {
    expect(argumentsKey(['x'.repeat(10_000)])).toHaveLength(44)
    const cycle: unknown[] = []
    cycle.push(cycle)
    for (const bad of [() => 1, Symbol('s'), new Map(), cycle]) expect(() => argumentsKey([bad])).toThrow(TypeError)
  })
})
