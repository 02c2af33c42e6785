/** What a command is made of. */
export type Arg = string | Buffer

/** `connecting`: worth waiting for. `away`: it was tried and failed, or was ended. */
export type DriverState = 'ready' | 'connecting' | 'away'

/**
 * What the store needs of a client library. Replies hold Buffers for strings. A driver neither queues nor repeats
 * commands where the library can be kept from it: order and lateness matter (rule 10 of docs/design/coherence.md).
 */
export interface Driver {
  /** Whether keys live on several nodes. */
  readonly cluster: boolean
  /** What the client itself puts before every key; ours are spelt out. */
  readonly keyPrefix: string
  readonly state: DriverState
  /** Why it is away, where that is known. */
  readonly lastError: unknown
  /** Begins to connect, unless that is done or is the owner's business. */
  begin(): void
  /** Values of keys of any slots, `null` where there is none. */
  mget(keys: string[]): Promise<(Buffer | null)[]>
  /** One command to the node of `key`. */
  send(key: string, name: string, args: Arg[]): Promise<unknown>
  /** One command, and WAIT right behind it on the same connection: its reply and the number of replicas. */
  sendAndWait(key: string, name: string, args: Arg[], replicas: number, timeoutMs: number): Promise<[unknown, number]>
  /** A connection of its own to the node of `key`, which is one attempt and is not repeated. */
  dedicate(key: string, connectTimeoutMs: number): Dedicated
  /** Closes what was opened here; a client that was given stays open. */
  close(): Promise<void>
}

/** A connection that is used by one reader and may block. Strings in its replies are text. */
export interface Dedicated {
  /** Resolves once commands may be sent. */
  readonly opened: Promise<void>
  /** Sends commands in one write. Rejects when any fails. */
  send(commands: readonly (readonly string[])[]): Promise<unknown[]>
  /** Ends it, with whatever is under way. Never rejects. */
  close(): Promise<void>
}
