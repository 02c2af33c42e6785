/** A small repeatable generator (mulberry32) of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function randomBytes(random: () => number, longest: number): Buffer {
  return Buffer.from(Array.from({ length: Math.floor(random() * longest) }, () => Math.floor(random() * 256)))
}

/** The bytes with one to four of them changed, dropped, doubled or cut off. Always different from the original. */
export function mutate(original: Uint8Array, random: () => number): Buffer {
  let bytes = Buffer.from(original)
  const pick = (): number => Math.floor(random() * bytes.length)
  for (let changes = 1 + Math.floor(random() * 4); changes > 0 && bytes.length > 0; changes--) {
    const at = pick()
    const kind = Math.floor(random() * 5)
    if (kind === 0) bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8))
    else if (kind === 1) bytes[at] = Math.floor(random() * 256)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(pick())])
    else bytes = bytes.subarray(0, at)
  }
  return bytes
}
