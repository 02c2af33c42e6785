import { expect, it } from 'vitest'
import { InvalidationRing } from '../src/ring.ts'

const record = (stamp: number, keys: number) => ({ stamp, keys: Array.from({ length: keys }, (_, key) => `${stamp}:${key}`), tags: [], soft: false, lagMs: 0 })
const stampsAfter = (ring: InvalidationRing, stamp: number): number[] | undefined => ring.after(stamp)?.map((each) => each.stamp)

it('remembers what came after a stamp, each record once', () => {
  const ring = new InvalidationRing(100)
  ring.restart(10)
  for (const stamp of [12, 11, 12, 13]) ring.push(record(stamp, 1))
  expect(stampsAfter(ring, 10)).toEqual([12, 11, 13])
  expect(stampsAfter(ring, 12)).toEqual([13])
  expect(stampsAfter(ring, 9)).toBeUndefined()
})

it('is bounded by names, and says where it does not remember all', () => {
  const ring = new InvalidationRing(10)
  ring.restart(0)
  for (let stamp = 1; stamp <= 100; stamp++) ring.push(record(stamp, 3))
  expect(stampsAfter(ring, 97)).toEqual([98, 99, 100])
  expect(stampsAfter(ring, 96)).toBeUndefined()
})
