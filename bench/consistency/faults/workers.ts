import { type Fault, hold, some } from './fault.ts'
import { pick } from 'test-support'

const HOUR_MS = 3_600_000

/** The processes of the application. */
export const workerFaults: readonly Fault<'single'>[] = [
  {
    name: 'workers stopped and resumed',
    topology: 'single',
    place: 'workers',
    async run(stage) {
      const frozen = some(stage)
      for (const worker of frozen) stage.crew.freeze(worker)
      await hold(stage)
      for (const worker of frozen) stage.crew.thaw(worker)
    },
  },
  {
    name: 'workers killed',
    topology: 'single',
    place: 'workers',
    async run(stage) {
      const killed = some(stage)
      await Promise.all(killed.map((worker) => stage.crew.kill(worker)))
      await hold(stage)
      await Promise.all(killed.map((worker) => stage.crew.start(worker)))
    },
  },
  {
    name: 'clocks shifted',
    topology: 'single',
    place: 'workers',
    async run(stage) {
      const shifted = some(stage)
      await Promise.all(
        shifted.map(async (worker) => {
          await stage.crew.kill(worker)
          await stage.crew.start(worker, pick(stage.random, [-HOUR_MS, -5_000, 5_000, HOUR_MS]))
        }),
      )
      await hold(stage)
    },
  },
]
