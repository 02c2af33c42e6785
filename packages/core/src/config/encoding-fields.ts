import type { CompressionOptions } from '../compression.ts'
import type { EncodingOptions } from '../encoding.ts'
import type { EncryptionKey, EncryptionOptions } from '../encryption.ts'
import { count, type FieldsOf, listOf, object, oneOf, required, text } from './shape.ts'

/** For kinds of shared tiers: how values become bytes, as far as that is data. A description says what the doc comment says. */
export const encodingFields: FieldsOf<Omit<EncodingOptions, 'serializer'>> = {
  compression: object(
    {
      algorithm: required(oneOf(['zstd', 'gzip'])),
      minBytes: count({ least: 0, default: 2_048, description: 'From how many serialized bytes a value is compressed.' }),
      level: count({ description: '1 is the fastest; up to 9 (gzip) or 22 (zstd). Default 6 (gzip) or 3 (zstd).' }),
    } satisfies FieldsOf<CompressionOptions>,
    { short: 'algorithm', description: 'Values are compressed, where that makes them smaller. Default none.' },
  ),
  encryption: object(
    {
      keys: required(
        listOf(
          object({
            id: required(text({ description: 'Stored with what the key encrypts.' })),
            secret: required(text({ secret: true, description: '32 random bytes in hexadecimal or in base64: a variable of the environment.' })),
          } satisfies FieldsOf<EncryptionKey>),
          { isFilled: true, description: 'The first encrypts; all decrypt.' },
        ),
      ),
    } satisfies FieldsOf<EncryptionOptions>,
    { description: 'AES-256-GCM, bound to the key under which a value is stored. Default none.' },
  ),
}
