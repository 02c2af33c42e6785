import { setTimeout as delay } from 'node:timers/promises'
import { between } from 'test-support'
import type { Backend, Topology } from '../stage/backend.ts'
import type { Crew } from '../stage/crew.ts'

/** What a fault can reach. */
export interface Stage<B extends Backend = Backend> {
  readonly backend: B
  readonly crew: Crew
  readonly random: () => number
  /** Time for the fault to last, in ms. */
  readonly tempo: Tempo
}

export interface Tempo {
  readonly shortest: number
  readonly longest: number
}

/** Something that goes wrong, and is put right again before `run` resolves. */
export interface Fault<T extends Topology = Topology> {
  readonly name: string
  readonly topology: T
  /** Faults of different places may happen at the same time. */
  readonly place: 'server' | 'network' | 'workers'
  /** Whether the shared tier may lose what it had confirmed (G5: repaired, not prevented). */
  readonly takesBack?: boolean
  run(stage: Stage<Extract<Backend, { kind: T }>>): Promise<void>
}

export const hold = ({ random, tempo }: Pick<Stage, 'random' | 'tempo'>): Promise<void> => delay(between(random, tempo.shortest, tempo.longest))

/** Does something several times while the fault lasts. */
export async function repeatedly(stage: Stage, times: number, act: () => Promise<unknown>): Promise<void> {
  const { random, tempo } = stage
  for (let i = 0; i < times; i++) {
    await act()
    await delay(between(random, tempo.shortest, tempo.longest) / times)
  }
}

/** Some of the workers, at least one. */
export function some({ crew, random }: Pick<Stage, 'crew' | 'random'>): readonly number[] {
  const all = Array.from({ length: crew.size }, (_, worker) => worker)
  const chosen = all.filter(() => random() < 0.4)
  return chosen.length > 0 ? chosen : [between(random, 0, crew.size - 1)]
}
