import { expect, test } from 'vitest'
import { Sampler } from '../src/sampler.ts'

const cities = [600, 0, 300, 100].map((population, index) => ({ id: index, name: '', country: 'XX', population }))

function draw(seed: number, times: number): number[] {
  const sampler = new Sampler(cities, seed)
  return Array.from({ length: times }, () => sampler.city().id)
}

test('cities are drawn as often as people live there', () => {
  const drawn = draw(1, 100_000)
  const share = (id: number) => drawn.filter((other) => other === id).length / drawn.length
  expect(share(0)).toBeCloseTo(0.6, 1)
  expect(share(1)).toBe(0)
  expect(share(2)).toBeCloseTo(0.3, 1)
  expect(share(3)).toBeCloseTo(0.1, 1)
})

test('a seed draws the same cities again', () => {
  expect(draw(7, 100)).toEqual(draw(7, 100))
  expect(draw(7, 100)).not.toEqual(draw(8, 100))
})
