import type { Random } from '@stratacache/core'

/** Keys in the order in which they are requested. */
export type Requests = readonly number[]

/** mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Ranks from 0, the first the most frequent by far. */
function ranks(keys: number, skew: number, random: Random): () => number {
  const sums: number[] = []
  let sum = 0
  for (let rank = 1; rank <= keys; rank++) sums.push((sum += rank ** -skew))
  return () => {
    const wanted = random() * sum
    let [low, high] = [0, keys - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

export function zipf(keys: number, skew: number, length: number): Requests {
  const rank = ranks(keys, skew, seeded(1))
  return Array.from({ length }, rank)
}

/** Now and then a thousand keys in a row that are never asked for again. */
export function scans(keys: number, skew: number, length: number): Requests {
  const random = seeded(2)
  const rank = ranks(keys, skew, random)
  const requests: number[] = []
  for (let next = keys; requests.length < length; ) {
    if (random() < 0.0005) for (let i = 0; i < 1_000; i++) requests.push(next++)
    requests.push(rank())
  }
  return requests
}

/** What is popular moves on all the time. */
export function shifting(keys: number, skew: number, length: number): Requests {
  const rank = ranks(keys, skew, seeded(3))
  return Array.from({ length }, (_, index) => 10_000_000 + rank() + Math.floor(index / 10))
}

export function loop(keys: number, length: number): Requests {
  return Array.from({ length }, (_, index) => 20_000_000 + (index % keys))
}
