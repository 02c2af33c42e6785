import { describe, expect, it } from 'vitest'
import { Contest } from '../../src/memory/contest.ts'

const [FIRST, SECOND, THIRD] = [0b001, 0b010, 0b100]

/** How many rounds it takes until another is followed. */
function roundsUntilChange(contest: Contest, answers: number): number {
  const followed = contest.followed
  for (let round = 1; round <= 1_000; round++) {
    contest.round(answers)
    if (contest.followed !== followed) return round
  }
  return Infinity
}

const rounds = (contest: Contest, count: number, answers: number): void => {
  for (let round = 0; round < count; round++) contest.round(answers)
}

describe('contest', () => {
  it('follows another when what it follows is 12 answers behind, and not before', () => {
    const contest = new Contest(3, 1)
    expect(roundsUntilChange(contest, THIRD)).toBe(12)
    expect(contest.followed).toBe(2)
  })

  it('follows the best of those that are ahead', () => {
    const contest = new Contest(3, 0)
    rounds(contest, 6, SECOND)
    rounds(contest, 6, SECOND | THIRD)
    expect(contest.followed).toBe(1)
  })

  it('stays where it is while the others are ahead in turns', () => {
    const contest = new Contest(3, 0)
    for (let turn = 0; turn < 100; turn++) {
      rounds(contest, 11, THIRD)
      rounds(contest, 11, FIRST)
    }
    expect(contest.followed).toBe(0)
  })

  it('learns nothing from what all of them answer, or none', () => {
    const contest = new Contest(3, 0)
    rounds(contest, 11, SECOND)
    rounds(contest, 1_000, 0b111)
    rounds(contest, 1_000, 0)
    expect(contest.followed).toBe(0)
    contest.round(SECOND)
    expect(contest.followed).toBe(1)
  })

  it('does not hold the distant past against another', () => {
    const contest = new Contest(3, 0)
    rounds(contest, 10_000, FIRST)
    expect(roundsUntilChange(contest, SECOND)).toBe(24)
  })

  it('wants twice as much with each change, up to 128', () => {
    const contest = new Contest(2, 0)
    const seen = Array.from({ length: 7 }, (_, change) => roundsUntilChange(contest, change % 2 === 0 ? SECOND : FIRST))
    // What was ahead by the price loses that first, and then falls behind by the next one. Both calm down a little meanwhile.
    expect(seen).toEqual([12, 12 + 24, 24 + 48, 48 + 95, 94 + 127, 127 + 126, 127 + 126])
  })

  it('calms down when it has not changed for long', () => {
    const contest = new Contest(2, 0)
    for (let change = 0; change < 6; change++) roundsUntilChange(contest, change % 2 === 0 ? SECOND : FIRST)
    rounds(contest, 100_000, 0)
    expect(roundsUntilChange(contest, SECOND)).toBeLessThan(30)
  })
})
