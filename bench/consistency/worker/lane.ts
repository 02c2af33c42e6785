import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import type { Operations } from './operations.ts'
import type { Pace } from './order.ts'

interface Choice {
  readonly weight: number
  readonly times: number
  readonly isWrite?: boolean
  run(operations: Operations): void | Promise<void>
}

/** How often each operation is chosen, and how many times in a row it is done. */
const MIX: readonly Choice[] = [
  { weight: 40, times: 4, run: (operations) => operations.getOrSet(false) },
  { weight: 22, times: 12, run: (operations) => operations.getSync() },
  { weight: 16, times: 4, run: (operations) => operations.get() },
  { weight: 8, times: 1, run: (operations) => operations.getOrSetMany() },
  { weight: 2, times: 1, run: (operations) => operations.getOrSet(true) },
  { weight: 1.5, times: 1, run: (operations) => operations.expire() },
  { weight: 3, times: 1, isWrite: true, run: (operations) => operations.write() },
  { weight: 0.5, times: 1, isWrite: true, run: (operations) => operations.writeGroup() },
  { weight: 0.5, times: 1, isWrite: true, run: (operations) => operations.writeOwner() },
  { weight: 0.05, times: 1, isWrite: true, run: (operations) => operations.clear() },
]

/** One caller: does one thing after the other until told to stop. */
export async function runLane(operations: Operations, random: () => number, { pauseMs, writes }: Pace, stopped: AbortSignal): Promise<void> {
  const weightOf = ({ weight, isWrite = false }: Choice): number => (isWrite ? weight * writes : weight)
  const total = MIX.reduce((sum, choice) => sum + weightOf(choice), 0)
  while (!stopped.aborted) {
    let left = random() * total
    const chosen = MIX.find((choice) => (left -= weightOf(choice)) < 0) ?? MIX[0]!
    for (let i = 0; i < chosen.times; i++) await chosen.run(operations)
    if (pauseMs > 0 && random() < 0.3) await delay(random() * pauseMs)
    else await turn()
  }
}
