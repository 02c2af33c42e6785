const SLOTS = 16_384

/** CRC-16/XMODEM of every byte, as Redis Cluster hashes keys. */
const TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})

/** The slot of a key in a Redis Cluster: of what stands between its first braces, if anything does. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const end = open < 0 ? -1 : key.indexOf('}', open + 1)
  const hashed = Buffer.from(end > open + 1 ? key.slice(open + 1, end) : key)
  let crc = 0
  for (const byte of hashed) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ byte]!
  return crc % SLOTS
}

/** Names of keys by their slot. */
export function bySlot(keys: readonly string[]): string[][] {
  const slots = new Map<number, string[]>()
  for (const key of keys) {
    const slot = slotOf(key)
    const same = slots.get(slot)
    if (same === undefined) slots.set(slot, [key])
    else same.push(key)
  }
  return [...slots.values()]
}
