import { describe, expect, it } from 'vitest'
import { Outbox } from '../src/outbox.ts'

describe('the outbox', () => {
  it('coalesces; hard absorbs soft, whatever comes first', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a', 'b'], ['t'], true, 0)
    outbox.add(['a'], ['u'], false, 0)
    outbox.add(['a'], ['u'], true, 0)
    expect(outbox.size).toBe(4)
    expect(outbox.take()).toEqual({ keys: ['a'], tags: ['u'], soft: false, lagMs: 0, isLast: true })
    outbox.confirm()
    expect(outbox.take()).toEqual({ keys: ['b'], tags: ['t'], soft: true, lagMs: 0, isLast: true })
    outbox.confirm()
    expect(outbox.take()).toBeUndefined()
    expect(outbox.empty).toBe(true)
  })

  it('asks for the longest lag of what a round carries, and of nothing that went before', () => {
    const outbox = new Outbox(4, '*')
    outbox.add(['a'], [], false, 500)
    outbox.add(['a'], ['t'], false, 100)
    expect(outbox.take()).toMatchObject({ keys: ['a'], tags: ['t'], lagMs: 500 })
    outbox.putBack()
    expect(outbox.take()).toMatchObject({ lagMs: 500 })
    outbox.confirm()
    outbox.add([], ['t'], false, 100)
    expect(outbox.take()).toMatchObject({ tags: ['t'], lagMs: 100 })
    outbox.confirm()
    outbox.add(['a', 'b'], [], false, 0)
    outbox.add(['c', 'd', 'e'], [], true, 300)
    expect(outbox.take()).toMatchObject({ tags: ['*'], lagMs: 300 })
  })

  it('holds what is under way, and takes it back', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a'], ['t'], false, 0)
    outbox.take()
    expect([outbox.holdsKey('a'), outbox.holdsTag('t'), outbox.holdsKey('b'), outbox.empty]).toEqual([true, true, false, false])
    outbox.add(['a'], [], true, 0)
    outbox.putBack()
    expect(outbox.take()).toEqual({ keys: ['a'], tags: ['t'], soft: false, lagMs: 0, isLast: true })
    outbox.confirm()
    expect(outbox.empty).toBe(true)
  })

  it('asks again for what was asked for while it is under way, and only for that', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a', 'b'], ['t', 'u'], false, 0)
    outbox.take()
    outbox.add(['b'], ['t'], false, 0)
    outbox.confirm()
    expect([outbox.holdsKey('a'), outbox.holdsKey('b'), outbox.holdsTag('t'), outbox.holdsTag('u')]).toEqual([false, true, true, false])
    expect(outbox.take()).toEqual({ keys: ['b'], tags: ['t'], soft: false, lagMs: 0, isLast: true })
    outbox.confirm()
    expect(outbox.empty).toBe(true)
  })

  it('keeps the order in which keys and tags were asked for, also of a round that failed', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a'], [], false, 0)
    outbox.add([], ['t', 'u'], false, 0)
    outbox.add(['b', 'c'], [], false, 0)
    outbox.take()
    outbox.putBack()
    const rounds: unknown[] = []
    for (let round = outbox.take(2); round; round = outbox.take(2)) {
      rounds.push([round.keys, round.tags, round.isLast])
      outbox.confirm()
    }
    expect(rounds).toEqual([[['a'], ['t'], false], [['b'], ['u'], false], [['c'], [], true]])
  })

  it('past its limit becomes the one tag that stands for everything', () => {
    const outbox = new Outbox(3, '*')
    outbox.add(['a', 'b', 'c'], ['t'], true, 0)
    expect(outbox.take()).toEqual({ keys: [], tags: ['*'], soft: false, lagMs: 0, isLast: true })
  })

  it('sends very many in rounds that a tier takes within its deadline', () => {
    const outbox = new Outbox(1_000_000, '*')
    outbox.add(Array.from({ length: 120_000 }, (_, i) => `k${i}`), ['t'], false, 0)
    const rounds: [number, boolean][] = []
    for (let round = outbox.take(); round; round = outbox.take()) {
      rounds.push([round.keys.length + round.tags.length, round.isLast])
      outbox.confirm()
    }
    expect(rounds).toEqual([[50_000, false], [50_000, false], [20_001, true]])
  })
})
