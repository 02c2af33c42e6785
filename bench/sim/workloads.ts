import type { Random } from '@stratacache/core'
import { seeded } from 'test-support'
import { zipf } from '../src/zipf.ts'

/** A sequence of requested keys, numbered from 0 without gaps. */
export interface Workload {
  readonly name: string
  readonly about: string
  readonly requests: Uint32Array
  /** How many different keys there are. */
  readonly keys: number
}

const LENGTH = 500_000

/** The same requests in every run. */
export function generated(length: number = LENGTH): Workload[] {
  return [
    workload('zipf 0.7', 'stable popularity, little skew', length, zipf(50_000, 0.7, seeded(1))),
    workload('zipf 1.0', 'stable popularity, more skew', length, zipf(50_000, 1, seeded(2))),
    workload('loop', 'the same 5,000 keys over and over', length, loop(5_000)),
    workload('scan + zipf', 'scans of 2,000 keys that never come back, over zipf 0.9', length, scans(20_000, 0.9, 2_000, seeded(3))),
    workload('shifting', 'zipf 0.9 whose popular keys move on all the time', length, shifting(20_000, 0.9, 10, seeded(4))),
    workload('mixed', 'zipf 0.9 and a loop of 4,000 keys, taking turns of 50,000 requests, then both at once', length, mixed(20_000, 4_000, seeded(5))),
  ]
}

function loop(keys: number): () => number {
  let next = 0
  return () => next++ % keys
}

function scans(keys: number, skew: number, length: number, random: Random): () => number {
  const popular = zipf(keys, skew, random)
  let [scanned, left] = [keys, 0]
  return () => {
    if (left === 0 && random() < 1 / 4_000) left = length
    if (left === 0) return popular()
    left--
    return scanned++
  }
}

function shifting(keys: number, skew: number, every: number, random: Random): () => number {
  const popular = zipf(keys, skew, random)
  let requests = 0
  return () => popular() + Math.floor(requests++ / every)
}

function mixed(keys: number, looped: number, random: Random): () => number {
  const [popular, around] = [zipf(keys, 0.9, random), loop(looped)]
  let requests = 0
  return () => {
    const phase = Math.floor(requests++ / 50_000) % 3
    const isLoop = phase === 2 ? random() < 0.5 : phase === 1
    return isLoop ? keys + around() : popular()
  }
}

/** Numbers keys by their first request. */
export function workload(name: string, about: string, length: number, next: () => number): Workload {
  const numbers = new Map<number, number>()
  const requests = Uint32Array.from({ length }, () => {
    const key = next()
    let number = numbers.get(key)
    if (number === undefined) numbers.set(key, (number = numbers.size))
    return number
  })
  return { name, about, requests, keys: numbers.size }
}
