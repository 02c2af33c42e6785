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
  return { entries, tags, tail: toNumber(values[0]!) }
}

/** A tag's record; one that cannot be read counts as lost. */
export function toTagStamp(value: Buffer | null): TagStamp | undefined {
  if (value === null) return undefined
  const match = /^(\d+)(?:,(\d+))?$/.exec(value.toString('latin1'))
  return match ? { hard: Number(match[1]), soft: Number(match[2] ?? 0) } : undefined
}

/** One key's reply of the lease scripts. */
export function toLeaseReply(reply: unknown, asOf: number, time: number): LeaseReply {
  if (Buffer.isBuffer(reply)) return { status: 'filled', entry: reply, time }
  if (Array.isArray(reply)) {
    const [token, remainingMs, since] = reply as [Buffer, number, Buffer]
    return { status: 'held', token: token.toString(), remainingMs: Math.max(0, Number(remainingMs)), asOf: Number(since.toString()), time }
  }
  return Number(reply) === 1 ? { status: 'granted', asOf, time } : { status: 'barred', time }
}

function toNumber(value: Buffer | null): number | undefined {
  const number = value === null ? Number.NaN : Number(value.toString('latin1'))
  return Number.isNaN(number) ? undefined : number
}
