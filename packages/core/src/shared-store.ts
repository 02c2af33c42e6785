/**
 * The one tier that several processes see. It owns leases, stamps and the log: the whole of what makes the
 * local tiers coherent. docs/design/coherence.md explains the protocol; `sharedStoreContract` of
 * `@stratacache/core/testing` checks an implementation.
 *
 * Keys and tags arrive qualified with their namespace and well-formed. A tag without `:` is a namespace path.
 * Every method rejects with TierError when the backend is away, and with RefusedError when it is there and refuses;
 * none retries.
 */
export interface SharedStore {
  readonly name: string
  /** Milliseconds a lease lives at the longest. */
  readonly leaseTtl: number
  /** Milliseconds within which a dead connection of the log is noticed. */
  readonly heartbeat: number
  /** Milliseconds the cache waits for an answer. */
  readonly commandTimeout: number

  /** Resolves when the backend answers. */
  connect(): Promise<void>
  /** Reads entries and tag stamps in one round trip. */
  read(request: ReadRequest): Promise<ReadReply>
  /** Takes leases for keys that nobody holds and that hold no newer entry; issues a stamp. */
  lease(requests: readonly LeaseRequest[]): Promise<readonly LeaseReply[]>
  /** Stores an entry if its lease stands and no tag is newer than `asOf`; drops the lease. Says whether it stored. */
  fill(fill: Fill): Promise<boolean>
  /** Gives a lease back without storing. */
  release(key: string, token: string): Promise<void>
  /** An explicit write: stores, drops the key's lease, appends to the log. */
  write(write: Write): Promise<WriteReply>
  /**
   * As `fill`, and appends to the log that what others hold of the key is older than `asOf`: of a load that changed the
   * source. `undefined`: it was refused, and nothing is stored.
   */
  writeLeased(write: LeasedWrite): Promise<Stamped | undefined>
  /** Deletes keys and their leases, stamps tags, appends to the log, in one atomic step where it can. */
  invalidate(invalidation: Invalidation): Promise<Stamped>
  /** Removes an entry if it still is the one of `asOf`: it proved invalid. Not an invalidation, not logged. */
  discard(key: string, asOf: number): Promise<void>
  /** Opens the log on a connection of its own. */
  openLog(): Promise<LogReader>
  /** Where changes survive their process, if it can keep them. */
  journal?(): SharedJournal
  /** What is stored about a key, for `explain`. */
  inspect(key: string): Promise<{ lease: string | undefined }>
  close(): Promise<void>
}

/** A stamp issued by the logical clock, with the backend's time in ms when it was. */
export interface Stamped {
  readonly stamp: number
  readonly time: number
}

/** When a stamp was issued, in ms on the clock of who issued it; a little later when stamps were issued in a rush. */
export const stampTime = (stamp: number): number => stamp / 1_000

export interface ReadRequest {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
}

export interface ReadReply {
  readonly entries: readonly (Uint8Array | undefined)[]
  /** `undefined`: no record, so entries that carry the tag are invalid. */
  readonly tags: readonly (TagStamp | undefined)[]
  /** Stamp of the newest record of the log; `undefined` when that is not known. */
  readonly tail: number | undefined
}

/** Entries older than `hard` are gone, entries older than `soft` are stale. */
export interface TagStamp {
  readonly hard: number
  readonly soft: number
}

export interface LeaseRequest {
  readonly key: string
  readonly token: string
  readonly ttlMs: number
  /** `asOf` of the entry the reader has seen and cannot use; 0 for none. */
  readonly seen: number
  /** Take the lease over from this token: what its holder loads is known to be outdated. */
  readonly replaces?: string | undefined
}

export type LeaseReply = { readonly time: number } & (
  /** `version`: that of the entry that is stored. What is loaded from now on is not older, and is filled with it. */
  | { readonly status: 'granted'; readonly asOf: number; readonly version: bigint | undefined }
  /** `asOf`: that of the lease. */
  | { readonly status: 'held'; readonly token: string; readonly remainingMs: number; readonly asOf: number }
  /** A newer entry than the one seen was stored meanwhile. */
  | { readonly status: 'filled'; readonly entry: Uint8Array }
  /** Fills are refused for now (`replicaLag`). */
  | { readonly status: 'barred' }
)

export interface Fill {
  readonly key: string
  readonly token: string
  readonly asOf: number
  readonly entry: Uint8Array
  readonly tags: readonly string[]
  /** Milliseconds to keep the entry; `Infinity` for ever. */
  readonly ttlMs: number
}

export interface LeasedWrite extends Fill {
  readonly source: string
}

export interface Write {
  readonly key: string
  /** An envelope whose `asOf` the store sets. */
  readonly entry: Uint8Array
  readonly tags: readonly string[]
  readonly ttlMs: number
  readonly version: bigint | undefined
  readonly source: string
}

export type WriteReply = ({ readonly status: 'stored' } & Stamped) | { readonly status: 'superseded' }

export interface Invalidation {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly soft: boolean
  /** Milliseconds for which fills stay refused afterwards. */
  readonly lagMs: number
  readonly source: string
}

/**
 * Changes of collections that were accepted and are not done. Each is looked after by the process that appended it; when that
 * has given no sign of life for `leaseTtl`, by whoever adopts it.
 */
export interface SharedJournal {
  /** Milliseconds between signs of life, which `adopt` is too. */
  readonly adoptEveryMs: number
  /** Resolves to the entry's id. Of two entries of a key the one that was appended later is the newer one. */
  append(collection: string, keyText: string, entry: Uint8Array): Promise<string>
  done(collection: string, ids: readonly string[]): Promise<void>
  /** Takes over what no living process looks after, the oldest first. What a newer entry of its key has overtaken is dropped. */
  adopt(collection: string): Promise<readonly { readonly id: string; readonly entry: Uint8Array }[]>
}

/** One record of the log. */
export interface LogRecord {
  /** Also its position in the log. */
  readonly stamp: number
  /** Stamp of the record before it; 0 when it is the first. A reader that has not seen `prev` has missed something. */
  readonly prev: number
  readonly source: string
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly soft: boolean
  readonly lagMs: number
  /** Of a write under a lease: its own, which is stored under the key. Only what is older is invalid. */
  readonly asOf?: number | undefined
}

export interface LogBatch {
  readonly records: readonly LogRecord[]
  /** Stamp of the newest record when the batch was read; 0 when the log is gone. */
  readonly tail: number
  /** The tier's, as of the read, where that was asked for. */
  readonly time: number | undefined
}

/** A reader of the log. Not used concurrently. */
export interface LogReader {
  /** The newest position; creates the log when there is none. */
  start(): Promise<{ tail: number; time: number }>
  /** Records after a position; waits up to `waitMs` for the first one. */
  read(after: number, waitMs: number): Promise<LogBatch>
  close(): Promise<void>
}
