/** Longer than anything is kept: for ever. */
const LONGEST_TTL_MS = 3_200_000_000_000

/** An entry's time to live as the scripts take it: whole ms, '' for never. */
export const ttlText = (ttlMs: number): string => (ttlMs < LONGEST_TTL_MS ? wholeMs(ttlMs) : '')

export const wholeMs = (ms: number): string => String(Math.max(1, Math.ceil(ms)))

/** The same bytes as the client libraries take them. */
export const toBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A tag as it stands in the log's records. */
export const tagText = (tag: string): string => JSON.stringify(tag)
