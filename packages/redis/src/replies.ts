import type { LeaseReply, ReadReply, Stamped, TagStamp } from '@stratacache/core'

/** Stamp and time in µs, as scripts reply them. */
export function toStamped(reply: unknown): Stamped {
  const [stamp, micros] = reply as [number, number]
  return { stamp: Number(stamp), time: Number(micros) / 1_000 }
}

/** The values of tail, tags and entries, in that order. */
export function toReadReply(values: readonly (Buffer | null)[], tagCount: number): ReadReply {
  const tags: (TagStamp | undefined)[] = []
  const entries: (Uint8Array | undefined)[] = []
  for (let i = 1; i <= tagCount; i++) tags.push(toTagStamp(values[i]!))
  for (let i = tagCount + 1; i < values.length; i++) entries.push(values[i] ?? undefined)
  const tail = values[0]!
  return { entries, tags, tail: tail === null ? undefined : toNumber(tail, 0, tail.length) }
}

/** A tag's record, `hard` or `hard,soft`; one that cannot be read counts as lost. */
export function toTagStamp(value: Buffer | null): TagStamp | undefined {
  if (value === null) return undefined
  const comma = value.indexOf(COMMA)
  const hard = toNumber(value, 0, comma < 0 ? value.length : comma)
  const soft = comma < 0 ? 0 : toNumber(value, comma + 1, value.length)
  return hard === undefined || soft === undefined ? undefined : { hard, soft }
}

/** One key's reply of the lease scripts. */
export function toLeaseReply(reply: unknown, asOf: number, time: number): LeaseReply {
  if (Buffer.isBuffer(reply)) return { status: 'filled', entry: reply, time }
  if (Array.isArray(reply)) {
    if (reply.length === 1) return { status: 'granted', asOf, version: BigInt(String(reply[0])), time }
    const [token, remainingMs, since] = reply as [Buffer, number, Buffer]
    return { status: 'held', token: token.toString(), remainingMs: Math.max(0, Number(remainingMs)), asOf: Number(since.toString()), time }
  }
  return Number(reply) === 1 ? { status: 'granted', asOf, version: undefined, time } : { status: 'barred', time }
}

const COMMA = 0x2c
const ZERO = 0x30
/** Stamps stay below 2^53. */
const MOST_DIGITS = 16

/** Decimal digits as they stand in a reply: every read meets some, and a string or a pattern would cost it more than they. */
function toNumber(value: Buffer, from: number, to: number): number | undefined {
  if (from === to || to - from > MOST_DIGITS) return undefined
  let number = 0
  for (let i = from; i < to; i++) {
    const digit = value[i]! - ZERO
    if (digit < 0 || digit > 9) return undefined
    number = number * 10 + digit
  }
  return number
}
