import { seeded } from 'test-support'
import { zipf } from '../src/zipf.ts'
import type { Arrivals, Keys, Scenario } from './scenario.ts'

/** All requests of a run, drawn before it begins. */
export interface Schedule {
  /** When each is to arrive, in milliseconds from the start, ascending. */
  readonly times: Float64Array
  /** The row it asks for, from 1 up. */
  readonly ids: Uint32Array
  /** 1: it changes the row. */
  readonly writes: Uint8Array
}

/** How fast and for how long requests arrive. */
export interface Pace {
  /** Of independent arrivals. */
  readonly perSecond: number
  /** Milliseconds. */
  readonly duration: number
  readonly seed: number
}

/** The same scenario, pace and seed give the same requests. */
export function draw(scenario: Pick<Scenario, 'arrivals' | 'keys' | 'writes'>, { perSecond, duration, seed }: Pace): Schedule {
  const times = arrivals(scenario.arrivals, perSecond, duration, seeded(seed))
  const ids = idsOf(scenario, times, seeded(seed + 1))
  const random = seeded(seed + 2)
  return { times, ids, writes: Uint8Array.from(times, () => (random() < scenario.writes ? 1 : 0)) }
}

/** Independent requests are apart as in a Poisson process: exponentially distributed. */
function arrivals(kind: Arrivals, perSecond: number, duration: number, random: () => number): Float64Array {
  const times: number[] = []
  if (kind.kind === 'herds') {
    for (let time = 0; time < duration; time += kind.every) {
      for (let member = 0; member < kind.size; member++) times.push(time)
    }
  } else {
    const gap = (): number => (-Math.log(1 - random()) * 1_000) / perSecond
    for (let time = gap(); time < duration; time += gap()) times.push(time)
  }
  return Float64Array.from(times)
}

function idsOf({ arrivals, keys }: { arrivals: Arrivals; keys: Keys }, times: Float64Array, random: () => number): Uint32Array {
  if (keys.kind === 'zipf') {
    const rank = zipf(keys.count, keys.skew, random)
    return Uint32Array.from(times, () => rank() + 1)
  }
  const perKey = arrivals.kind === 'herds' ? arrivals.size : 1
  return Uint32Array.from(times, (_, index) => Math.floor(index / perKey) + 1)
}
