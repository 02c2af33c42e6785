/** How long one way to do something took. */
export interface Timing {
  readonly name: string
  /** Nanoseconds per operation: the median of the rounds. */
  readonly ns: number
  /** Nanoseconds per operation, round by round. */
  readonly rounds: readonly number[]
}

export const timing = (name: string, rounds: readonly number[]): Timing => ({ name, ns: median(rounds), rounds })

/** How much longer `a` takes than `b`: the median of the ratios round by round. */
export function ratio(timings: readonly Timing[], a: string, b: string): number {
  const [first, second] = [byName(timings, a), byName(timings, b)]
  return median(first.rounds.map((ns, round) => ns / second.rounds[round]!))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function byName(timings: readonly Timing[], name: string): Timing {
  const found = timings.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no arm is called ${name}`)
  return found
}
