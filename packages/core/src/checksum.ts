import { crc32 } from 'node:zlib'

/** Up to this many bytes a loop is faster than a view of the bytes and a call out of JavaScript. */
const SHORT = 512

const TABLE = new Uint32Array(256).map((_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1
  return remainder
})

/**
 * CRC-32 (as in zlib and PNG) of the bytes from `start` on.
 *
 * @param before the checksum of bytes that are taken to stand before them
 */
export function checksum(bytes: Buffer, start: number, before = 0): number {
  if (bytes.length - start > SHORT) return crc32(bytes.subarray(start), before)
  let remainder = ~before
  for (let i = start; i < bytes.length; i++) remainder = TABLE[(remainder ^ bytes[i]!) & 255]! ^ (remainder >>> 8)
  return ~remainder >>> 0
}
