/** 32 bits of a key, well mixed (FNV-1a, then the finalizer of MurmurHash3); signed, as the engine keeps no others unboxed. */
export function hashOf(key: string, seed: number): number {
  let hash = seed | 0
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  return mixed(hash)
}

/** The finalizer of MurmurHash3: every bit of the result depends on every bit given. Signed. */
export function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
