import { checksum } from './checksum.ts'
import { type Entry, softened } from './entry.ts'
import { SerializationError } from './error.ts'
import type { Serializer } from './serializer.ts'

/*
 * The envelope around a serialized value. Version 1, little-endian:
 *
 *    0  u8 x2  magic 0xCA 0x5C
 *    2  u8     version
 *    3  u8     flags: 1 = the source has nothing (no payload)
 *    4  f64 x2 asOf, then asOf * SEAL: the shared tier sets it, where no checksum can be computed
 *   20  f64 x2 softAt, since when the entry is stale by soft invalidation, 0 for never; then softAt * SEAL
 *   36  u32    CRC-32 of everything from byte 40 on
 *   40  f64 x4 freshUntil, staleFor, errorFor, storedAt
 *   72  f32    loadMs
 *   76  u32    length of the tags
 *   80  u8     length of the version, then its decimal digits
 *    .         tags as a JSON array, nothing when there are none
 *    .         payload
 *
 * The byte offsets of asOf, softAt and the version are known to the backends' scripts, and so is SEAL. The product
 * of two doubles is the same everywhere, and a changed bit of the one changes many of the other.
 */
export const ENVELOPE = { asOf: 4, softAt: 20, version: 80, seal: 0.6180339887498949 } as const

const MAGIC_0 = 0xca
const MAGIC_1 = 0x5c
const WIRE_VERSION = 1
const NEGATIVE = 1
const CRC = 36
const BODY = 40
const FIXED = 81
const LONGEST_VERSION = 255

/** Encodes and decodes entries for tiers that hold bytes. */
export class Codec {
  readonly #serializer: Serializer

  constructor(serializer: Serializer) {
    this.#serializer = serializer
  }

  /** @throws SerializationError when the value cannot be represented. */
  encode(entry: Entry): Uint8Array {
    const version = entry.version === undefined ? '' : String(entry.version)
    if (version.length > LONGEST_VERSION) throw new SerializationError(`a version has more than ${LONGEST_VERSION} digits`)
    const tags = entry.tags.length > 0 ? Buffer.from(JSON.stringify(entry.tags)) : EMPTY
    const payload = entry.value === undefined ? EMPTY : this.#serializer.serialize(entry.value)
    const bytes = Buffer.allocUnsafe(FIXED + version.length + tags.length + payload.length)
    bytes[0] = MAGIC_0
    bytes[1] = MAGIC_1
    bytes[2] = WIRE_VERSION
    bytes[3] = entry.value === undefined ? NEGATIVE : 0
    bytes.writeDoubleLE(entry.asOf, ENVELOPE.asOf)
    bytes.writeDoubleLE(entry.asOf * ENVELOPE.seal, ENVELOPE.asOf + 8)
    bytes.fill(0, ENVELOPE.softAt, ENVELOPE.softAt + 16)
    bytes.writeDoubleLE(entry.freshUntil, 40)
    bytes.writeDoubleLE(entry.staleFor, 48)
    bytes.writeDoubleLE(entry.errorFor, 56)
    bytes.writeDoubleLE(entry.storedAt, 64)
    bytes.writeFloatLE(entry.loadMs, 72)
    bytes.writeUInt32LE(tags.length, 76)
    bytes[ENVELOPE.version] = version.length
    bytes.write(version, FIXED, 'latin1')
    bytes.set(tags, FIXED + version.length)
    bytes.set(payload, FIXED + version.length + tags.length)
    bytes.writeUInt32LE(checksum(bytes, BODY), CRC)
    return bytes
  }

  /**
   * The entry in an envelope.
   *
   * @throws SerializationError for anything that is not a whole, unharmed envelope of a known version.
   */
  decode(bytes: Uint8Array): Entry {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (buffer.length < FIXED || buffer[0] !== MAGIC_0 || buffer[1] !== MAGIC_1) throw new SerializationError('not an envelope')
    if (buffer[2] !== WIRE_VERSION) throw new SerializationError(`unknown envelope version ${buffer[2]}`)
    buffer.copy(header, 0, 0, FIXED)
    const asOf = view.getFloat64(ENVELOPE.asOf, true)
    const softAt = view.getFloat64(ENVELOPE.softAt, true)
    const intact =
      asOf * ENVELOPE.seal === view.getFloat64(ENVELOPE.asOf + 8, true) &&
      softAt * ENVELOPE.seal === view.getFloat64(ENVELOPE.softAt + 8, true) &&
      checksum(buffer, BODY) === view.getUint32(CRC, true)
    if (!intact) throw new SerializationError('damaged envelope')
    const flags = header[3]!
    if (flags > NEGATIVE) throw new SerializationError('unknown envelope flags')
    const tagsAt = FIXED + header[ENVELOPE.version]!
    const payloadAt = tagsAt + view.getUint32(76, true)
    if (payloadAt > buffer.length || (flags === NEGATIVE) !== (payloadAt === buffer.length)) throw new SerializationError('damaged envelope')
    const freshUntil = view.getFloat64(40, true)
    const staleFor = view.getFloat64(48, true)
    const errorFor = view.getFloat64(56, true)
    const storedAt = view.getFloat64(64, true)
    const loadMs = view.getFloat32(72, true)
    // Everything is read from the scratch header before the serializer runs: it may decode another envelope.
    const entry: Entry = {
      value: flags === NEGATIVE ? undefined : this.#serializer.deserialize(buffer, payloadAt),
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
}

const EMPTY = Buffer.alloc(0)
const NO_TAGS: readonly string[] = []
const header = Buffer.alloc(FIXED)
const view = new DataView(header.buffer, header.byteOffset, FIXED)
