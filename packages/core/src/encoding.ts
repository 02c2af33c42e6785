import { type Compression, type CompressionAlgorithm, type CompressionOptions, resolveCompression } from './compression.ts'
import { type EncryptionOptions, resolveEncryption } from './encryption.ts'
import type { Keyring } from './keyring.ts'
import type { Broken } from './option-issues.ts'
import type { Serializer } from './serializer.ts'
import { structuredSerializer } from './structured-serializer.ts'

/** How values become the bytes of a shared tier: options that every shared tier takes. */
export interface EncodingOptions {
  /** A serializer of another name is another format: neither reads what the other wrote. Default `structuredSerializer()`. */
  readonly serializer?: Serializer | undefined
  /** Values are compressed from `minBytes` on, where that makes them smaller. Default none. */
  readonly compression?: CompressionAlgorithm | CompressionOptions | undefined
  /** AES-256-GCM, bound to the key under which a value is stored. Default none. */
  readonly encryption?: EncryptionOptions | undefined
}

/** The same, checked and complete. */
export interface Encoding {
  readonly serializer: Serializer
  readonly compression?: Compression | undefined
  readonly keyring?: Keyring | undefined
}

export const ENCODING_OPTIONS: readonly string[] = ['serializer', 'compression', 'encryption'] satisfies (keyof EncodingOptions)[]

/** Every option with its default. Of no use once `broken` was told of a rule. */
export function resolveEncoding({ serializer = structuredSerializer(), compression, encryption }: EncodingOptions, broken: Broken): Encoding {
  if (!isSerializer(serializer)) broken('serializer', 'a Serializer: { name, serialize, deserialize }', serializer)
  return {
    serializer,
    compression: compression === undefined ? undefined : resolveCompression(compression, broken),
    keyring: encryption === undefined ? undefined : resolveEncryption(encryption, broken),
  }
}

const isSerializer = (serializer: Serializer | null): boolean =>
  typeof serializer?.name === 'string' && typeof serializer.serialize === 'function' && typeof serializer.deserialize === 'function'
