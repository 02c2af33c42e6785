import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { SerializationError } from './error.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const OPTIONS = { authTagLength: TAG_BYTES } as const

/**
 * The keys of a tier. What it makes is, in this order: the length of the key's id (one byte), the id, a random nonce,
 * the ciphertext, the authentication tag.
 */
export class Keyring {
  /** By how many bytes encrypting makes something longer. */
  readonly overhead: number
  readonly #keys: ReadonlyMap<string, KeyObject>
  readonly #newest: KeyObject
  /** After its length. */
  readonly #newestId: Buffer

  /** @param keys ids, and secrets of 32 bytes, which are copied; the first encrypts */
  constructor(keys: readonly { readonly id: string; readonly secret: Uint8Array }[]) {
    this.#keys = new Map(keys.map(({ id, secret }) => [id, createSecretKey(secret)]))
    const id = Buffer.from(keys[0]!.id)
    this.#newest = this.#keys.get(keys[0]!.id)!
    this.#newestId = Buffer.concat([Buffer.of(id.length), id])
    this.overhead = this.#newestId.length + NONCE_BYTES + TAG_BYTES
  }

  /** @param associated what has to be the same when it is decrypted */
  encrypt(plain: Uint8Array, associated: Uint8Array): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#newest, nonce, OPTIONS)
    cipher.setAAD(associated)
    return Buffer.concat([this.#newestId, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }

  /** @throws SerializationError for what none of the keys has encrypted with the same associated bytes. */
  decrypt(bytes: Buffer, associated: Uint8Array): Buffer {
    const nonceAt = 1 + (bytes[0] ?? 0)
    const [from, to] = [nonceAt + NONCE_BYTES, bytes.length - TAG_BYTES]
    if (from > to) throw new SerializationError('an encrypted value is cut off')
    const key = this.#keys.get(bytes.toString('utf8', 1, nonceAt))
    if (key === undefined) throw new SerializationError('a value is encrypted by a key that is not among those given')
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(nonceAt, from), OPTIONS)
    decipher.setAAD(associated)
    decipher.setAuthTag(bytes.subarray(to))
    const plain = decipher.update(bytes.subarray(from, to))
    try {
      decipher.final()
    } catch {
      throw new SerializationError('a value is not what was encrypted, or not where it was put')
    }
    return plain
  }
}
