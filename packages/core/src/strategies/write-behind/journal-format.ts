import { crc32 } from 'node:zlib'
import { structuredSerializer } from '../../structured-serializer.ts'
import type { Change } from '../../change.ts'

/*
 * A journal file: the header, then frames. A frame is the length of its payload, the payload's CRC-32 (both unsigned 32 bit,
 * little-endian) and the payload, in the format of `structuredSerializer`: [id, collection, change], or [ids] that are done.
 */

export interface ChangeFrame {
  readonly kind: 'change'
  readonly id: string
  readonly collection: string
  readonly change: Change<unknown, unknown>
}

export type Frame = ChangeFrame | { readonly kind: 'done'; readonly ids: readonly string[] }

export const HEADER: Buffer = Buffer.from('stratacache journal 1\n')

const PREFIX = 8
const serializer = structuredSerializer()

/** @throws SerializationError when the key, the value or the options of a change cannot be represented. */
export function frameOf(frame: Frame): Buffer {
  const payload = serializer.serialize(frame.kind === 'done' ? [frame.ids] : [frame.id, frame.collection, frame.change])
  const bytes = Buffer.allocUnsafe(PREFIX + payload.length)
  bytes.writeUInt32LE(payload.length, 0)
  bytes.writeUInt32LE(crc32(payload), 4)
  bytes.set(payload, PREFIX)
  return bytes
}

/** What a file holds. */
export interface Contents {
  readonly frames: readonly Frame[]
  /** Bytes up to the end of the last whole frame. */
  readonly length: number
  /** What comes after: nothing, the begin of a frame whose end was never written, or something that nobody wrote. */
  readonly rest: 'none' | 'torn' | 'damaged'
}

export function contentsOf(bytes: Buffer): Contents {
  if (bytes.length < HEADER.length) return { frames: [], length: 0, rest: HEADER.subarray(0, bytes.length).equals(bytes) ? (bytes.length === 0 ? 'none' : 'torn') : 'damaged' }
  if (!bytes.subarray(0, HEADER.length).equals(HEADER)) return { frames: [], length: 0, rest: 'damaged' }
  const frames: Frame[] = []
  let at = HEADER.length
  while (at < bytes.length) {
    const frame = frameAt(bytes, at)
    if (typeof frame === 'string') return { frames, length: at, rest: frame }
    frames.push(frame)
    at += PREFIX + bytes.readUInt32LE(at)
  }
  return { frames, length: at, rest: 'none' }
}

function frameAt(bytes: Buffer, at: number): Frame | 'torn' | 'damaged' {
  if (bytes.length - at < PREFIX) return 'torn'
  const length = bytes.readUInt32LE(at)
  const end = at + PREFIX + length
  // Also what a file system leaves of a file that has grown and whose bytes never came: zeros.
  if (end > bytes.length || bytes.subarray(at).every((byte) => byte === 0)) return 'torn'
  const payload = bytes.subarray(at + PREFIX, end)
  if (length > 0 && crc32(payload) === bytes.readUInt32LE(at + 4)) {
    try {
      const [first, collection, change] = serializer.deserialize(payload) as [string | string[], string, Change<unknown, unknown>]
      return typeof first === 'string' ? { kind: 'change', id: first, collection, change } : { kind: 'done', ids: first }
    } catch {
      return 'damaged'
    }
  }
  return end === bytes.length ? 'torn' : 'damaged'
}
