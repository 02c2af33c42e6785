/** Ranks from 0 below `keys`, the first the most frequent: rank r as often as (r + 1) to the power of -skew. */
export function zipf(keys: number, skew: number, random: () => number): () => number {
  const sums = new Float64Array(keys)
  let sum = 0
  for (let rank = 0; rank < keys; rank++) sums[rank] = sum += (rank + 1) ** -skew
  return () => {
    const wanted = random() * sum
    let [low, high] = [0, keys - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}
