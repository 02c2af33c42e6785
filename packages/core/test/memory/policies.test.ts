import { describe, expect, it } from 'vitest'
import type { PolicyName } from '@stratacache/core'
import { mixed } from '../../src/memory/hash.ts'
import { createPolicy } from '../../src/memory/policies.ts'
import type { EvictionPolicy } from '../../src/memory/policy.ts'
import { seeded } from '../fuzz.ts'

/** Keys in the order in which they are requested. */
type Requests = readonly number[]

const LENGTH = 60_000
const loop = (keys: number): Requests => Array.from({ length: LENGTH }, (_, index) => index % keys)

/** Low keys are asked for more often; with `drift`, which ones are low moves on by that with every request. */
function skewed(keys: number, drift: number): Requests {
  const random = seeded(3)
  return Array.from({ length: LENGTH }, (_, index) => Math.floor(random() ** 4 * keys + index * drift))
}

const NAMES: readonly PolicyName[] = ['lru', 'sieve', 's3fifo', 'tinylfu', 'adaptive']

/** A cache of numbers: as the memory store uses a policy, and nothing else. */
class Numbers {
  readonly policy: EvictionPolicy
  readonly slots = new Map<number, number>()
  readonly #keys: number[] = []
  readonly #free: number[] = []
  readonly #capacity: number

  constructor(name: PolicyName, capacity: number, isBounded = true) {
    this.#capacity = capacity
    const maxEntries = isBounded ? capacity : Infinity
    this.policy = createPolicy(name, { maxEntries, random: seeded(7), hashOf: (slot) => this.#hashOf(slot) })
    this.policy.grow(capacity + 1)
  }

  #hashOf(slot: number): number {
    const key = this.#keys[slot]!
    if (this.slots.get(key) !== slot) throw new Error(`slot ${slot} does not hold ${key}`)
    return mixed(key)
  }

  /**
   * Says whether it was there.
   *
   * @param most entries there may be now: fewer than the capacity where they are bounded by bytes
   */
  request(key: number, most: number = this.#capacity): boolean {
    const known = this.slots.get(key)
    if (known !== undefined) {
      this.policy.onHit(known)
      return true
    }
    const slot = this.#free.pop() ?? this.slots.size
    this.slots.set(key, slot)
    this.#keys[slot] = key
    this.policy.onInsert(slot, this.policy.remembers ? mixed(key) : 0)
    while (this.slots.size > most) this.evict(key)
    return false
  }

  evict(newest: number): void {
    const victim = this.policy.victim()
    const key = this.#keys[victim]!
    if (this.slots.get(key) !== victim) throw new Error(`${victim} is not in use`)
    if (key === newest) throw new Error(`${victim} was just inserted`)
    this.remove(key)
  }

  remove(key: number): void {
    const slot = this.slots.get(key)!
    this.policy.onRemove(slot)
    this.slots.delete(key)
    this.#free.push(slot)
  }

  clear(): void {
    this.policy.clear()
    this.slots.clear()
    this.#free.length = 0
  }
}

const hitRatio = (name: PolicyName, capacity: number, requests: Requests): number => {
  const cache = new Numbers(name, capacity)
  const hits = requests.filter((key) => cache.request(key))
  return hits.length / requests.length
}

describe.each(NAMES)('%s', (name) => {
  it('gives up slots that are in use, never the one just inserted, whatever happens', () => {
    for (const capacity of [1, 2, 3, 7, 64]) {
      const cache = new Numbers(name, capacity, capacity !== 7)
      const random = seeded(capacity)
      for (let step = 0; step < 20_000; step++) {
        const action = random()
        if (action < 0.001) cache.clear()
        else if (action < 0.1 && cache.slots.size > 0) cache.remove([...cache.slots.keys()][Math.floor(random() * cache.slots.size)]!)
        else cache.request(Math.floor(random() ** 3 * capacity * 4))
      }
      expect(cache.slots.size).toBeLessThanOrEqual(capacity)
    }
  })

  it('does so however much it has to give up at once, and when requests become others', () => {
    const [length, patterns] = [20_000, 4]
    for (const capacity of [1, 2, 3, 17, 100, 700]) {
      const cache = new Numbers(name, capacity, capacity === 17)
      const random = seeded(capacity)
      const keyAt = [() => random() ** 3 * capacity * 4, (step: number) => step, (step: number) => step % (capacity * 1.25 + 1), () => random() * capacity * 2]
      for (let step = 0; step < length; step++) {
        const pattern = Math.floor((step * patterns) / length)
        const most = capacity === 17 ? capacity : Math.max(1, Math.floor(capacity * Math.min(1, 0.3 + random())))
        cache.request(Math.floor(keyAt[pattern]!(step)), most)
        if (random() < 0.01 && cache.slots.size > 0) cache.remove(cache.slots.keys().next().value!)
        if (random() < 0.0005) cache.clear()
      }
      for (let left = cache.slots.size; left > 0; left--) cache.evict(Number.NaN)
      expect(cache.slots.size).toBe(0)
    }
  })

  it('keeps what is used over and over, and lets go of what is not any more', () => {
    const cache = new Numbers(name, 100)
    const random = seeded(1)
    for (const base of [0, 1_000_000]) {
      for (let step = 0; step < 20_000; step++) cache.request(random() < 0.5 ? base + Math.floor(random() * 50) : base + 1_000 + step)
      const kept = Array.from({ length: 50 }, (_, key) => cache.slots.has(base + key)).filter(Boolean)
      expect(kept.length).toBeGreaterThan(name === 'lru' ? 25 : 40)
    }
  })

  it('does the same again with the same randomness', () => {
    const requests = skewed(2_000, 0.05)
    expect(hitRatio(name, 200, requests)).toBe(hitRatio(name, 200, requests))
  })
})

describe('lru', () => {
  it('agrees with a naive list over random operations', () => {
    const lru = createPolicy('lru', { maxEntries: 16, random: Math.random, hashOf: () => 0 })
    lru.grow(16)
    const random = seeded(42)
    let naive: number[] = []
    for (let step = 0; step < 20_000; step++) {
      const slot = Math.floor(random() * 16)
      const others = naive.filter((other) => other !== slot)
      if (!naive.includes(slot)) lru.onInsert(slot, 0)
      else if (random() < 0.7) lru.onHit(slot)
      else {
        lru.onRemove(slot)
        naive = others
        continue
      }
      naive = [slot, ...others]
      expect(lru.victim()).toBe(naive.at(-1))
    }
  })
})

describe('sieve', () => {
  it('agrees with the algorithm as it is published', () => {
    const CAPACITY = 20
    const cache = new Numbers('sieve', CAPACITY)
    /** Newest first. */
    const queue: { key: number; isVisited: boolean }[] = []
    let hand = -1
    const removeAt = (index: number): void => {
      queue.splice(index, 1)
      hand = index - 1
    }
    const random = seeded(5)
    for (let step = 0; step < 20_000; step++) {
      const key = Math.floor(random() ** 3 * 100)
      const known = queue.find((each) => each.key === key)
      if (cache.request(key) !== (known !== undefined)) throw new Error(`step ${step}`)
      if (known) {
        known.isVisited = true
        continue
      }
      if (queue.length === CAPACITY) {
        if (hand < 0) hand = CAPACITY - 1
        while (queue[hand]!.isVisited) {
          queue[hand]!.isVisited = false
          hand = hand === 0 ? CAPACITY - 1 : hand - 1
        }
        removeAt(hand)
      }
      queue.unshift({ key, isVisited: false })
      if (hand >= 0) hand++
    }
  })

  it('begins again at the oldest when what the hand points to is removed and nothing but the newest is left before it', () => {
    const cache = new Numbers('sieve', 3)
    for (const key of [1, 2, 3, 1, 2, 4]) cache.request(key)
    // 3 was given up: the hand has spared 1 and 2, and points to what is before 3.
    cache.remove(4)
    for (const key of [5, 6]) cache.request(key)
    expect([...cache.slots.keys()]).toEqual([2, 5, 6])
  })
})

describe('s3fifo', () => {
  it('keeps what comes back after it was given up, where LRU keeps nothing', () => {
    const requests: number[] = []
    for (let round = 0; round < 50; round++) for (let key = 0; key < 60; key++) requests.push(key, 1_000 + requests.length)
    expect(hitRatio('lru', 100, requests)).toBe(0)
    expect(hitRatio('s3fifo', 100, requests)).toBeGreaterThan(0.4)
  })
})

describe('tinylfu', () => {
  it('lets nothing in for which it would give up what was used more often', () => {
    const cache = new Numbers('tinylfu', 100)
    for (const key of [...loop(100).slice(0, 200), ...loop(100).slice(0, 100)]) cache.request(key)
    for (let key = 1_000; key < 1_500; key++) cache.request(key)
    const kept = Array.from({ length: 100 }, (_, key) => cache.slots.has(key)).filter(Boolean)
    expect(kept.length).toBeGreaterThan(90)
  })
})

describe('adaptive', () => {
  const CAPACITY = 500

  it('keeps most of what fits of a loop that is larger than the cache, where LRU keeps nothing', () => {
    expect(hitRatio('lru', CAPACITY, loop(1_000))).toBe(0)
    expect(hitRatio('adaptive', CAPACITY, loop(1_000))).toBeGreaterThan(0.44)
  })

  it.each([true, false])('follows what shifts as LRU does, where distance alone would not; entries bounded: %s', (isBounded) => {
    const requests = skewed(5_000, 0.3)
    const cache = new Numbers('adaptive', CAPACITY, isBounded)
    const hits = requests.filter((key) => cache.request(key)).length
    expect(hits / requests.length).toBeGreaterThan(hitRatio('lru', CAPACITY, requests) - 0.02)
    expect(hitRatio('s3fifo', CAPACITY, requests)).toBeLessThan(hitRatio('lru', CAPACITY, requests) - 0.02)
  })
})
