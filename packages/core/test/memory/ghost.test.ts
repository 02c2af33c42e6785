import { describe, expect, it } from 'vitest'
import { Ghost } from '../../src/memory/ghost.ts'
import { mixed } from '../../src/memory/hash.ts'

describe('a ghost', () => {
  it('knows how long ago a key was put, once', () => {
    const ghost = new Ghost()
    ghost.grow(64)
    ghost.put(mixed(1), 100)
    ghost.put(mixed(2), 110)
    expect([ghost.take(mixed(1), 150), ghost.take(mixed(1), 150)]).toEqual([50, undefined])
    expect([ghost.take(mixed(2), 111), ghost.take(mixed(3), 111)]).toEqual([1, undefined])
  })

  it('full, forgets the oldest that share a place', () => {
    const ghost = new Ghost()
    ghost.grow(8)
    for (let key = 0; key < 12; key++) ghost.put(mixed(key), key)
    const known = Array.from({ length: 12 }, (_, key) => ghost.take(mixed(key), 12))
    expect(known).toEqual([undefined, undefined, undefined, undefined, 8, 7, 6, 5, 4, 3, 2, 1])
  })

  it('counts on when the time wraps around, and rounds it where there are many keys', () => {
    const small = new Ghost()
    small.grow(8)
    small.put(mixed(1), 2 ** 32 - 10)
    expect(small.take(mixed(1), 5)).toBe(15)
    const large = new Ghost()
    large.grow(1_000_000)
    large.put(mixed(1), 1_000_000)
    expect(Math.abs(large.take(mixed(1), 3_000_000)! - 2_000_000)).toBeLessThan(1_000)
  })
})
