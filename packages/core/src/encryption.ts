import { Keyring } from './keyring.ts'
import { type Broken, HIDDEN, refuseOthers } from './option-issues.ts'

/** Encryption of values in a shared tier by AES-256-GCM. */
export interface EncryptionOptions {
  /** The first encrypts; all decrypt. At least one. */
  readonly keys: readonly EncryptionKey[]
}

export interface EncryptionKey {
  /** Stored with what the key encrypts. 1 to 255 bytes in UTF-8, different for every secret. */
  readonly id: string
  /** 32 random bytes, as they are, in hexadecimal or in base64. */
  readonly secret: string | Uint8Array
}

const LONGEST_ID = 255
const SECRET_BYTES = 32

/** What breaks a rule is never shown: it may be a secret in the wrong place. */
export function resolveEncryption(options: EncryptionOptions | null, broken: Broken): Keyring | undefined {
  if (!Array.isArray(options?.keys) || options.keys.length === 0) {
    broken('encryption', '{ keys: [{ id, secret }, ...] } with at least one key', HIDDEN)
    return undefined
  }
  refuseOthers('encryption', options, ['keys'], broken)
  const keys = options.keys.map((key, index) => resolveKey(key, `encryption.keys[${index}]`, broken))
  const ids = keys.map((key) => key?.id)
  ids.forEach((id, index) => {
    if (id !== undefined && ids.indexOf(id) < index) broken(`encryption.keys[${index}].id`, 'different from the ids before it', HIDDEN)
  })
  return keys.every((key) => key !== undefined) ? new Keyring(keys) : undefined
}

function resolveKey(key: EncryptionKey | null, path: string, broken: Broken): { id: string; secret: Uint8Array } | undefined {
  if (typeof key !== 'object' || key === null) {
    broken(path, '{ id, secret }', HIDDEN)
    return undefined
  }
  refuseOthers(path, key, ['id', 'secret'], broken)
  const secret = typeof key.secret === 'string' ? decoded(key.secret) : key.secret
  const isSecret = secret instanceof Uint8Array && secret.length === SECRET_BYTES
  if (!isId(key.id)) broken(`${path}.id`, `a string of 1 to ${LONGEST_ID} bytes without lone surrogates`, HIDDEN)
  if (!isSecret) broken(`${path}.secret`, `${SECRET_BYTES} bytes, or as many in hexadecimal or base64`, HIDDEN)
  return isId(key.id) && isSecret ? { id: key.id, secret } : undefined
}

const isId = (id: unknown): boolean => typeof id === 'string' && id !== '' && id.isWellFormed() && Buffer.byteLength(id) <= LONGEST_ID

function decoded(secret: string): Uint8Array | undefined {
  if (/^[\da-f]{64}$/i.test(secret)) return Buffer.from(secret, 'hex')
  return /^[\w+/-]{43}=?$/.test(secret) ? Buffer.from(secret, 'base64') : undefined
}
