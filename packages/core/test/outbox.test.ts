import { describe, expect, it } from 'vitest'
import { Outbox } from '../src/outbox.ts'

describe('the outbox', () => {
  it('coalesces; hard absorbs soft, whatever comes first', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a', 'b'], ['t'], true)
    outbox.add(['a'], ['u'], false)
    outbox.add(['a'], ['u'], true)
    expect(outbox.size).toBe(4)
    expect(outbox.take()).toEqual({ keys: ['a'], tags: ['u'], soft: false, isLast: true })
    outbox.confirm()
    expect(outbox.take()).toEqual({ keys: ['b'], tags: ['t'], soft: true, isLast: true })
    outbox.confirm()
    expect(outbox.take()).toBeUndefined()
    expect(outbox.empty).toBe(true)
  })

  it('holds what is under way, and takes it back', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a'], ['t'], false)
    outbox.take()
    expect([outbox.holdsKey('a'), outbox.holdsTag('t'), outbox.holdsKey('b'), outbox.empty]).toEqual([true, true, false, false])
    outbox.add(['a'], [], true)
    outbox.putBack()
    expect(outbox.take()).toEqual({ keys: ['a'], tags: ['t'], soft: false, isLast: true })
    outbox.confirm()
    expect(outbox.empty).toBe(true)
  })

  it('asks again for what was asked for while it is under way, and only for that', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a', 'b'], ['t', 'u'], false)
    outbox.take()
    outbox.add(['b'], ['t'], false)
    outbox.confirm()
    expect([outbox.holdsKey('a'), outbox.holdsKey('b'), outbox.holdsTag('t'), outbox.holdsTag('u')]).toEqual([false, true, true, false])
    expect(outbox.take()).toEqual({ keys: ['b'], tags: ['t'], soft: false, isLast: true })
    outbox.confirm()
    expect(outbox.empty).toBe(true)
  })

  it('keeps the order in which keys and tags were asked for, also of a round that failed', () => {
    const outbox = new Outbox(100, '*')
    outbox.add(['a'], [], false)
    outbox.add([], ['t', 'u'], false)
    outbox.add(['b', 'c'], [], false)
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
    outbox.add(['a', 'b', 'c'], ['t'], true)
    expect(outbox.take()).toEqual({ keys: [], tags: ['*'], soft: false, isLast: true })
  })

  it('sends very many in rounds that a tier takes within its deadline', () => {
    const outbox = new Outbox(1_000_000, '*')
    outbox.add(Array.from({ length: 120_000 }, (_, i) => `k${i}`), ['t'], false)
    const rounds: [number, boolean][] = []
    for (let round = outbox.take(); round; round = outbox.take()) {
      rounds.push([round.keys.length + round.tags.length, round.isLast])
      outbox.confirm()
    }
    expect(rounds).toEqual([[50_000, false], [50_000, false], [20_001, true]])
  })
})
