const MOST_EDITS = 3

/**
 * The name that was probably meant, where one is close: fewer than half of the letters differ, and at most three.
 * Upper and lower case are the same.
 *
 * @example
 * ```ts
 * nearest('maxEntires', ['maxEntries', 'maxBytes']) // 'maxEntries'
 * nearest('password', ['maxEntries', 'maxBytes']) // undefined
 * ```
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let fewest = Infinity
  for (const candidate of names) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase())
    const most = Math.min(MOST_EDITS, Math.ceil(Math.min(name.length, candidate.length) / 2) - 1)
    if (edits <= most && edits < fewest) {
      best = candidate
      fewest = edits
    }
  }
  return best
}

/**
 * Edits from one text to the other: a letter more, less or another one, or two neighbours in each other's place (optimal
 * string alignment, the restricted Damerau-Levenshtein distance).
 */
function distance(from: string, to: string): number {
  // Nothing this long is a slip of the pen for anything.
  if (Math.abs(from.length - to.length) > MOST_EDITS) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1)
    }
    beforeLast = last
    last = row
  }
  return last[to.length]!
}
