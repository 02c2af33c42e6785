import { type Timing, timing } from './timing.ts'

/** Something that can be timed at some work, again and again. */
export interface Timed<Work> {
  readonly name: string
  /** Nanoseconds per operation. */
  time(work: Work): Promise<number>
}

const WARM_UPS = 2

/**
 * Times the arms in turn, round after round, so that a change of the machine's speed meets all of them. Compare
 * arms by `ratio`, which pairs the rounds.
 */
export async function compare<Work>(arms: readonly Timed<Work>[], rounds: number, work: Work): Promise<Timing[]> {
  const results = arms.map((): number[] => [])
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) {
    for (const arm of arms) await arm.time(work)
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, arm] of arms.entries()) results[index]!.push(await arm.time(work))
  }
  return arms.map(({ name }, index) => timing(name, results[index]!))
}
