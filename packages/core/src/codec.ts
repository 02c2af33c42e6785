import { checksum } from './checksum.ts'
import { type Compression, compress, decompress } from './compression.ts'
import type { Encoding } from './encoding.ts'
import { type Entry, softened } from './entry.ts'
import { SerializationError } from './error.ts'
import type { Keyring } from './keyring.ts'
import type { Serializer } from './serializer.ts'

/*
 * The envelope around a serialized value (docs/design/wire-format.md). Version 1, little-endian:
 *
 *    0  u8 x2  magic 0xCA 0x5C
 *    2  u8     version
 *    3  u8     what the payload is: 0 a value, 1 nothing (the source has nothing), 2 a value by gzip, 3 by zstd;
 *              + 8 when that is encrypted
 *    4  f64 x2 asOf, then asOf * SEAL: the shared tier sets it, where no checksum can be computed
 *   20  f64 x2 softAt, since when the entry is stale by soft invalidation, 0 for never; then softAt * SEAL
 *   36  u32    CRC-32 of bytes 2 and 3 and of everything from byte 40 on
 *   40  f64 x4 freshUntil, staleFor, errorFor, storedAt
 *   72  f32    loadMs
 *   76  u32    length of the tags
 *   80  u32    CRC-32 of the serializer's name
 *   84  u8     length of the version, then its decimal digits
 *    .         tags as a JSON array, nothing when there are none
 *    .         payload
 *
 * The byte offsets of asOf, softAt and the version are known to the backends' scripts, and so is SEAL. The product
 * of two doubles is the same everywhere, and a changed bit of the one changes many of the other.
 */
export const ENVELOPE = { asOf: 4, softAt: 20, version: 84, seal: 0.6180339887498949 } as const

const MAGIC_0 = 0xca
const MAGIC_1 = 0x5c
const WIRE_VERSION = 1
const KIND = 3
const VALUE = 0
const NOTHING = 1
const GZIP = 2
const ZSTD = 3
const ENCRYPTED = 8
const CRC = 36
const BODY = 40
const SERIALIZER = 80
const FIXED = 85
const LONGEST_VERSION = 255

/** Encodes and decodes entries for tiers that hold bytes. */
export class Codec {
  readonly #serializer: Serializer
  readonly #serializerId: number
  readonly #compression: Compression | undefined
  readonly #keyring: Keyring | undefined

  constructor({ serializer, compression, keyring }: Encoding) {
    this.#serializer = serializer
    this.#serializerId = checksum(Buffer.from(serializer.name), 0)
    this.#compression = compression
    this.#keyring = keyring
  }

  /**
   * @param key under which the store will have it
   * @throws SerializationError when the value cannot be represented.
   */
  encode(entry: Entry, key: string): Uint8Array {
    const version = entry.version === undefined ? '' : String(entry.version)
    if (version.length > LONGEST_VERSION) throw new SerializationError(`a version has more than ${LONGEST_VERSION} digits`)
    const tags = entry.tags.length > 0 ? Buffer.from(JSON.stringify(entry.tags)) : EMPTY
    let kind = entry.value === undefined ? NOTHING : VALUE
    let payload = kind === NOTHING ? EMPTY : this.#serializer.serialize(entry.value)
    if (this.#compression !== undefined) {
      const compressed = compress(payload, this.#compression)
      if (compressed !== undefined) {
        kind = this.#compression.algorithm === 'gzip' ? GZIP : ZSTD
        payload = compressed
      }
    }
    if (this.#keyring !== undefined) kind |= ENCRYPTED
    const payloadAt = FIXED + version.length + tags.length
    const bytes = Buffer.allocUnsafe(payloadAt + payload.length + (this.#keyring?.overhead ?? 0))
    bytes[0] = MAGIC_0
    bytes[1] = MAGIC_1
    bytes[2] = WIRE_VERSION
    bytes[KIND] = kind
    bytes.writeDoubleLE(entry.asOf, ENVELOPE.asOf)
    bytes.writeDoubleLE(entry.asOf * ENVELOPE.seal, ENVELOPE.asOf + 8)
    bytes.fill(0, ENVELOPE.softAt, ENVELOPE.softAt + 16)
    bytes.writeDoubleLE(entry.freshUntil, 40)
    bytes.writeDoubleLE(entry.staleFor, 48)
    bytes.writeDoubleLE(entry.errorFor, 56)
    bytes.writeDoubleLE(entry.storedAt, 64)
    bytes.writeFloatLE(entry.loadMs, 72)
    bytes.writeUInt32LE(tags.length, 76)
    bytes.writeUInt32LE(this.#serializerId, SERIALIZER)
    bytes[ENVELOPE.version] = version.length
    bytes.write(version, FIXED, 'latin1')
    bytes.set(tags, FIXED + version.length)
    bytes.set(this.#keyring?.encrypt(payload, associated(bytes, payloadAt, key)) ?? payload, payloadAt)
    bytes.writeUInt32LE(checksum(bytes, BODY, SEEDS[kind]), CRC)
    return bytes
  }

  /**
   * The entry in an envelope.
   *
   * @param key under which the store has it
   * @throws SerializationError for anything that is not a whole, unharmed envelope of a known version, as this codec writes it.
   */
  decode(bytes: Uint8Array, key: string): Entry {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (buffer.length < FIXED || buffer[0] !== MAGIC_0 || buffer[1] !== MAGIC_1) throw new SerializationError('not an envelope')
    if (buffer[2] !== WIRE_VERSION) throw new SerializationError(`unknown envelope version ${buffer[2]}`)
    buffer.copy(header, 0, 0, FIXED)
    const kind = header[KIND]!
    if ((kind & ~ENCRYPTED) > ZSTD) throw new SerializationError(`unknown kind of envelope ${kind}`)
    const asOf = view.getFloat64(ENVELOPE.asOf, true)
    const softAt = view.getFloat64(ENVELOPE.softAt, true)
    const intact =
      asOf * ENVELOPE.seal === view.getFloat64(ENVELOPE.asOf + 8, true) &&
      softAt * ENVELOPE.seal === view.getFloat64(ENVELOPE.softAt + 8, true) &&
      checksum(buffer, BODY, SEEDS[kind]) === view.getUint32(CRC, true)
    if (!intact) throw new SerializationError('damaged envelope')
    const tagsAt = FIXED + header[ENVELOPE.version]!
    const payloadAt = tagsAt + view.getUint32(76, true)
    if (payloadAt > buffer.length) throw new SerializationError('damaged envelope')
    if (view.getUint32(SERIALIZER, true) !== this.#serializerId) throw new SerializationError('written by another serializer')
    const freshUntil = view.getFloat64(40, true)
    const staleFor = view.getFloat64(48, true)
    const errorFor = view.getFloat64(56, true)
    const storedAt = view.getFloat64(64, true)
    const loadMs = view.getFloat32(72, true)
    // Everything is read from the scratch header before the serializer runs: it may decode another envelope.
    const entry: Entry = {
      value: kind === VALUE && this.#keyring === undefined ? this.#serializer.deserialize(buffer, payloadAt) : this.#unwrap(buffer, kind, payloadAt, key),
      asOf,
      storedAt,
      freshUntil,
      staleFor,
      errorFor,
      loadMs,
      tags: payloadAt === tagsAt ? NO_TAGS : (JSON.parse(buffer.toString('utf8', tagsAt, payloadAt)) as string[]),
      version: tagsAt === FIXED ? undefined : BigInt(buffer.toString('latin1', FIXED, tagsAt)),
    }
    return softAt > 0 ? softened(entry, softAt) : entry
  }

  /** The value in a payload that is encrypted, compressed, or nothing. */
  #unwrap(envelope: Buffer, kind: number, payloadAt: number, key: string): unknown {
    const isEncrypted = (kind & ENCRYPTED) !== 0
    if (isEncrypted !== (this.#keyring !== undefined)) throw new SerializationError(isEncrypted ? 'encrypted, and no key is given' : 'not encrypted')
    const stored = envelope.subarray(payloadAt)
    const payload = this.#keyring?.decrypt(stored, associated(envelope, payloadAt, key)) ?? stored
    switch (kind & ~ENCRYPTED) {
      case VALUE:
        return this.#serializer.deserialize(payload)
      case NOTHING:
        if (payload.length > 0) throw new SerializationError('damaged envelope')
        return undefined
      default:
        return this.#serializer.deserialize(decompress(payload, (kind & ~ENCRYPTED) === GZIP ? 'gzip' : 'zstd'))
    }
  }
}

/** What encryption authenticates beside the payload: all that no backend changes afterwards, and the key. */
function associated(envelope: Buffer, payloadAt: number, key: string): Buffer {
  return Buffer.concat([DOMAIN, envelope.subarray(2, KIND + 1), envelope.subarray(BODY, payloadAt), Buffer.from(key)])
}

const DOMAIN = Buffer.from('stratacache envelope')
const EMPTY = Buffer.alloc(0)
const NO_TAGS: readonly string[] = []
/** Checksums of bytes 2 and 3, by kind. */
const SEEDS = Array.from({ length: 16 }, (_, kind) => checksum(Buffer.of(WIRE_VERSION, kind), 0))
const header = Buffer.alloc(FIXED)
const view = new DataView(header.buffer, header.byteOffset, FIXED)
