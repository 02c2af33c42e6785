import { Arm } from './arm.ts'
import { compare } from '../src/compare.ts'
import type { Library } from './libraries/library.ts'
import type { Timing } from '../src/timing.ts'
import { KEYS } from './users.ts'

const ROUNDS = 15

/**
 * Times libraries that hold all entries in memory.
 *
 * @param times reads per sample
 */
export async function timeInMemory(libraries: readonly Library[], inFlight: number, times = 1_000): Promise<Timing[]> {
  await using stack = new AsyncDisposableStack()
  const arms: Arm[] = []
  for (const { name } of libraries) {
    const arm = stack.use(await Arm.start({ library: name, entries: KEYS.length }))
    await arm.verify(1)
    await arm.verify(1)
    arms.push(arm)
  }
  const timings = await compare(arms, ROUNDS, { inFlight, times, samples: 12 })
  for (const arm of arms) await arm.verify(1)
  return timings
}
