import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { SerializationError } from './error.ts'
import { type Broken, refuseOthers } from './option-issues.ts'

export type CompressionAlgorithm = 'gzip' | 'zstd'

/** Compression of values on their way to a shared tier. Readers read both algorithms and none, whatever they write. */
export interface CompressionOptions {
  readonly algorithm: CompressionAlgorithm
  /** From how many serialized bytes a value is compressed. Default 2048. */
  readonly minBytes?: number | undefined
  /** 1 is the fastest; up to 9 (gzip) or 22 (zstd). Default 6 (gzip) or 3 (zstd). */
  readonly level?: number | undefined
}

export type Compression = Readonly<Record<'minBytes' | 'level', number>> & Pick<CompressionOptions, 'algorithm'>

/** From here on what is saved in transfer at 1 Gbit/s is worth the time of decompressing (docs/design/decisions.md). */
const MIN_BYTES = 2_048
const LEVELS = { gzip: { fallback: 6, highest: 9 }, zstd: { fallback: 3, highest: 22 } } as const

export function resolveCompression(given: CompressionAlgorithm | CompressionOptions | null, broken: Broken): Compression | undefined {
  const options = typeof given === 'string' ? { algorithm: given } : given
  if (typeof options !== 'object' || options === null || !Object.hasOwn(LEVELS, options.algorithm)) {
    broken('compression', "'zstd', 'gzip' or { algorithm, minBytes, level }", given)
    return undefined
  }
  refuseOthers('compression', options, ['algorithm', 'minBytes', 'level'], broken)
  const { algorithm, minBytes = MIN_BYTES } = options
  const { fallback, highest } = LEVELS[algorithm]
  const { level = fallback } = options
  if (!Number.isSafeInteger(minBytes) || minBytes < 0) broken('compression.minBytes', 'an integer >= 0', minBytes)
  if (!Number.isSafeInteger(level) || level < 1 || level > highest) broken('compression.level', `an integer from 1 to ${highest}`, level)
  return { algorithm, minBytes, level }
}

/** What nothing is compressed beyond, and what decompressing stops at: bytes. */
export const MOST_BYTES: number = 64 * 1024 * 1024

/** The compressed bytes, or undefined where they are not worth it. */
export function compress(bytes: Uint8Array, { algorithm, minBytes, level }: Compression): Uint8Array | undefined {
  if (bytes.length < minBytes || bytes.length > MOST_BYTES) return undefined
  const compressed =
    algorithm === 'gzip' ? gzipSync(bytes, { level }) : zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } })
  return compressed.length < bytes.length ? compressed : undefined
}

/** @throws SerializationError for what is not compressed by this algorithm, or was from more than `MOST_BYTES`. */
export function decompress(bytes: Uint8Array, algorithm: CompressionAlgorithm): Buffer {
  try {
    return algorithm === 'gzip' ? gunzipSync(bytes, BOUND) : zstdDecompressSync(bytes, BOUND)
  } catch (error) {
    throw new SerializationError(`a value does not decompress by ${algorithm}`, { cause: error })
  }
}

const BOUND = { maxOutputLength: MOST_BYTES }
