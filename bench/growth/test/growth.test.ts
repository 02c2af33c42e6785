import { describe, expect, it } from 'vitest'
import type { Section } from '../../src/results.ts'
import { entries } from '../entries/entries.ts'
import { GROUPS } from '../entries/index.ts'
import { inFlight } from '../in-flight.ts'
import { invalidation } from '../invalidation/invalidation.ts'
import { processes } from '../processes.ts'
import { tags } from '../tags/tags.ts'

const steps = () => () => {}

/** Every series has a cost for every point. */
function expectWhole({ tables }: Section, points: readonly number[]): void {
  expect(tables.length).toBeGreaterThan(0)
  for (const table of tables) {
    if (table.kind !== 'series') throw new Error(`${table.title} is no series`)
    expect(table.points).toEqual(points)
    for (const { costs } of table.series) {
      expect(costs).toHaveLength(points.length)
      expect(costs.every((cost) => cost > 0)).toBe(true)
    }
  }
}

describe('growth of', () => {
  it('entries', async () => expectWhole(await entries(steps, [100], 1, GROUPS.slice(1, 2)), [100]))

  it('reads in flight', async () => expectWhole(await inFlight(steps, [2], 1), [2]))

  it('tags per entry', async () => expectWhole(await tags(steps, [2], 1), [2]))

  it('entries with a tag', async () => {
    const tiny = { where: 'here', sizes: [1, 100], rounds: 1, repetitions: 3 }
    const section = await invalidation(steps, tiny, tiny)
    expectWhole(section, [1, 100])
    expect(section.targets.map(({ text }) => text)[0]).toBe('invalidating a tag of 100 entries against one of 1, here: time')
  })

  it('processes', async () => {
    const section = await processes(steps, [2], 1)
    expectWhole(section, [2])
    expect(section.targets[0]!.measured).toBe(1)
  })
})
