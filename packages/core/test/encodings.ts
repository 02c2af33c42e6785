import { type Encoding, resolveEncoding, type EncodingOptions } from '@stratacache/core/shared'
import { crc32 } from 'node:zlib'

/** Options that have to be right, resolved. */
export function encodingOf(options: EncodingOptions): Encoding {
  return resolveEncoding(options, (option, rule) => {
    throw new Error(`${option} must be ${rule}`)
  })
}

/** A secret of 32 equal bytes. */
export const secretOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

const encryption = { keys: [{ id: 'new', secret: secretOf(1) }, { id: 'old', secret: secretOf(2) }] }

/** One of each kind. */
export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  plain: encodingOf({}),
  gzip: encodingOf({ compression: { algorithm: 'gzip', minBytes: 0 } }),
  zstd: encodingOf({ compression: { algorithm: 'zstd', minBytes: 0 } }),
  encrypted: encodingOf({ encryption }),
  'zstd, encrypted': encodingOf({ compression: { algorithm: 'zstd', minBytes: 0 }, encryption }),
}

/** The envelope with a checksum that is right again: what somebody can do who knows the format. */
export function rechecked(envelope: Uint8Array): Buffer {
  const bytes = Buffer.from(envelope)
  if (bytes.length > 40) bytes.writeUInt32LE(crc32(bytes.subarray(40), crc32(bytes.subarray(2, 4))), 36)
  return bytes
}
