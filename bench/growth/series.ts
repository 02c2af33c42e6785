import type { SeriesTable } from '../src/tables.ts'
import type { Timing } from '../src/timing.ts'

type Line = SeriesTable['series'][number]

/**
 * What became of each arm, point by point.
 *
 * @param timings of the arms, for each point
 * @param unit nanoseconds of the unit that is shown
 */
export function linesOf(names: readonly string[], timings: readonly (readonly Timing[])[], unit = 1): Line[] {
  return names.map((name) => ({ name, costs: timings.map((arms) => arms.find((arm) => arm.name === name)!.ns / unit) }))
}
