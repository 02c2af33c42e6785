import { describe, expect, it } from 'vitest'
import { mixed } from '../../src/memory/hash.ts'
import { Miniature } from '../../src/memory/miniature.ts'
import { ReuseDistance } from '../../src/memory/reuse-distance.ts'
import { seeded } from '../fuzz.ts'

const CAPACITY = 400

/** A cache of numbers that finds its slots by a `Map`. */
class Numbers {
  readonly queues: ReuseDistance
  readonly #capacity: number
  readonly #slots = new Map<number, number>()
  readonly #hashes: number[] = []
  #free = 0

  constructor(share: number, capacity = CAPACITY) {
    this.#capacity = capacity
    this.queues = new ReuseDistance(share, (slot) => this.#hashes[slot]!)
    this.queues.grow(capacity + 1)
  }

  has(key: number): boolean {
    return this.#slots.has(key)
  }

  request(key: number): boolean {
    const slot = this.#slots.get(key)
    if (slot !== undefined) {
      this.queues.use(slot)
      return true
    }
    const inserted = this.#free
    this.#slots.set(key, inserted)
    this.#hashes[inserted] = mixed(key)
    this.queues.insert(inserted, mixed(key), false)
    this.#free = this.#slots.size
    if (this.#slots.size > this.#capacity) {
      this.#free = this.queues.victim()
      this.queues.remove(this.#free)
      for (const [other, place] of this.#slots) if (place === this.#free) this.#slots.delete(other)
    }
    return false
  }

  /** How many hits it has in some rounds of a loop. */
  loop(keys: number, rounds: number, from = 0): number {
    let hits = 0
    for (let index = 0; index < keys * rounds; index++) if (this.request(from + (index % keys))) hits++
    return hits
  }
}

describe('reuse distance', () => {
  it('is LRU where all are on probation: a loop that fits stays, one that does not is never hit', () => {
    const cache = new Numbers(1)
    cache.loop(CAPACITY, 1)
    expect(cache.loop(CAPACITY, 2)).toBe(2 * CAPACITY)
    expect(cache.loop(CAPACITY + 50, 5, 1_000)).toBe(0)
  })

  it('forgets what was used often as soon as the share is 1', () => {
    const cache = new Numbers(0.01)
    cache.loop(CAPACITY, 5)
    cache.queues.share = 1
    expect(cache.loop(300, 1, 1_000)).toBe(0)
    expect(cache.loop(300, 1, 1_000)).toBeGreaterThan(250)
  })

  it('gives up first what was not used for longest as soon as the share is 1', () => {
    const cache = new Numbers(0.01)
    let once = 10_000
    for (const [keys, rounds] of [[300, 10], [150, 2]] as const) {
      for (let index = 0; index < keys * rounds; index++) {
        cache.request(index % keys)
        cache.request(once++)
      }
    }
    cache.queues.share = 1
    for (let index = 0; index < 200; index++) cache.request(once++)
    const kept = (from: number): number => Array.from({ length: 150 }, (_, index) => cache.has(from + index)).filter(Boolean).length
    expect(kept(0)).toBeGreaterThan(125)
    expect(kept(150)).toBeLessThan(75)
  })

  it('keeps what it has of a loop as soon as the share is small', () => {
    const cache = new Numbers(1)
    cache.loop(CAPACITY * 2, 3)
    cache.queues.share = 0.01
    // It begins with what was given up longest ago, and holds the second half.
    expect(cache.loop(CAPACITY * 2, 1)).toBeGreaterThan(CAPACITY * 0.75)
    expect(cache.loop(CAPACITY * 2, 2)).toBeGreaterThan(2 * CAPACITY * 0.95)
  })

  it('gives up any number at once, never the newest while there is another, however the share changes', () => {
    const random = seeded(11)
    const present = new Set<number>()
    const queues = new ReuseDistance(1, mixed)
    queues.grow(CAPACITY)
    for (let step = 0; step < 20_000; step++) {
      if (random() < 0.02) queues.share = [0.01, 0.1, 1][Math.floor(random() * 3)]!
      const slot = Math.floor(random() ** 2 * CAPACITY)
      if (present.has(slot)) {
        queues.use(slot)
        continue
      }
      queues.insert(slot, mixed(slot), false)
      present.add(slot)
      const most = random() < 0.05 ? Math.floor(random() * CAPACITY) : CAPACITY
      while (present.size > Math.max(1, most)) {
        const victim = queues.victim()
        if (victim === slot || !present.delete(victim)) throw new Error(`step ${step}: ${victim}`)
        queues.remove(victim)
      }
    }
    expect(queues.count).toBe(present.size)
  })

  it.each([2, 4, 6, 8, 10, 14, 20])('gives up what is on its way between two shares, %i inserts after the first change', (inserts) => {
    const queues = new ReuseDistance(0.1, mixed)
    queues.grow(2 * CAPACITY)
    for (let slot = 0; slot < CAPACITY; slot++) queues.insert(slot, mixed(slot), false)
    for (let slot = 0; slot < CAPACITY; slot++) queues.use(slot)
    queues.share = 1
    const newest = CAPACITY + inserts
    for (let slot = CAPACITY; slot <= newest; slot++) {
      if (slot === newest) queues.share = 0.1
      queues.insert(slot, mixed(slot), false)
    }
    while (queues.count > 1) {
      const victim = queues.victim()
      expect(victim).not.toBe(newest)
      queues.remove(victim)
    }
  })
})

describe('miniature', () => {
  it.each([1, 2, 7, 60])('of %i entries finds what a map would find', (capacity) => {
    const random = seeded(capacity)
    const miniature = new Miniature(capacity, 0.1)
    const cache = new Numbers(0.1, capacity)
    for (let step = 0; step < 10_000; step++) {
      const key = Math.floor(random() ** 2 * capacity * 5)
      if (miniature.request(mixed(key)) !== cache.request(key)) throw new Error(`step ${step}`)
    }
  })
})
