import type { Codec } from './codec.ts'
import { sleep } from './deadline.ts'
import type { Engine } from './engine.ts'
import { type Entry, retainedUntil } from './entry.ts'
import type { ResolvedLoadOptions } from './options.ts'
import type { Scope } from './scope.ts'
import type { LeaseReply, LeaseRequest } from './shared-store.ts'
import type { SharedReader } from './shared-read.ts'
import type { Flight } from './single-flight.ts'

/** Fill the shared tier if the lease still stands, then memory. */
export interface Leased {
  readonly kind: 'leased'
  readonly asOf: number
  readonly token: string
  /** Of the entry whose place the fill takes. */
  readonly version: bigint | undefined
}

/** What a load may do with its result. */
export type Permit =
  | Leased
  /** Keep it in memory, for a short time where there is a shared tier. */
  | { readonly kind: 'local'; readonly asOf: number; readonly unsynced: boolean }
  /** Keep nothing. */
  | { readonly kind: 'barred'; readonly asOf: number }
  /** No load: another process has just done it. */
  | { readonly kind: 'filled'; readonly entry: Entry }

const FIRST_POLL_MS = 4
const LONGEST_POLL_MS = 50
/** Entries found in place of a lease that proved unusable, before the load goes ahead without one. */
const MOST_REFUSALS = 3

/** Obtains permits, and fills with them: takes the lease of a key, or waits for the process that holds it (rule 1). */
export class PermitOffice {
  readonly #engine: Engine
  readonly #reader: SharedReader
  readonly #codec: Codec

  constructor(engine: Engine, reader: SharedReader, codec: Codec) {
    this.#engine = engine
    this.#reader = reader
    this.#codec = codec
  }

  /**
   * Half of `hardTimeout` is what a holder is given before the load goes ahead without a lease.
   *
   * @param seen asOf of the stored entry that cannot be used
   */
  async obtain(scope: Scope, flight: Flight, seen: number, { hardTimeout, tags }: ResolvedLoadOptions): Promise<Permit> {
    const { link } = this.#reader
    const unleased = (): Permit => ({ kind: 'local', asOf: link.seen, unsynced: true })
    const token = link.nextToken()
    const ttlMs = Math.min(link.store.leaseTtl, hardTimeout + link.store.commandTimeout)
    const patience = this.#engine.clock.now() + hardTimeout / 2
    let known = flight.refresh ? Number.MAX_SAFE_INTEGER : seen
    let holder: string | undefined
    let replaces: string | undefined
    let poll = FIRST_POLL_MS
    let refusals = 0
    while (!flight.aborted) {
      const isHeld = link.isPending(scope, flight.key)
      const reply = await this.#ask({ key: scope.qualify(flight.key), token, ttlMs, seen: known, replaces })
      if (reply === undefined) return unleased()
      if (reply.status === 'granted') return { kind: 'leased', asOf: reply.asOf, token, version: reply.version }
      if (reply.status === 'barred') return { kind: 'barred', asOf: link.seen }
      if (reply.status === 'filled') {
        const found = await this.#reader.verify(scope, flight.key, reply.entry, isHeld)
        if (found.kind === 'away') return unleased()
        if (found.kind === 'entry') return { kind: 'filled', entry: found.entry }
        if (++refusals === MOST_REFUSALS) return unleased()
        known = found.seen
        continue
      }
      if (replaces !== reply.token && this.#isDoomed(scope, flight.key, tags, reply.asOf)) {
        replaces = reply.token
        continue
      }
      // The holder we waited for has ended without an entry, and somebody else was faster: what is loaded here
      // cannot be shared, or the key is being invalidated over and over. Waiting again would queue up processes.
      const isAnother = holder !== undefined && holder !== reply.token
      if (isAnother || this.#engine.clock.now() >= patience) return unleased()
      holder = reply.token
      known = seen
      await sleep(this.#engine.clock, Math.min(poll * (0.75 + this.#engine.random() / 2), reply.remainingMs + 1))
      poll = Math.min(poll * 1.5, LONGEST_POLL_MS)
    }
    return { kind: 'barred', asOf: link.seen }
  }

  /** Uses a lease: stores the entry if the lease still stands and no tag is newer. */
  async fill(scope: Scope, key: string, { token }: Leased, entry: Entry): Promise<'stored' | 'refused' | 'away'> {
    const { link } = this.#reader
    const qualified = scope.qualify(key)
    let bytes: Uint8Array
    try {
      bytes = this.#codec.encode(entry, qualified)
    } catch (error) {
      this.#engine.emitter.emit('corrupt', { key, tier: link.name, error })
      link.release(qualified, token)
      return 'refused'
    }
    const tags = [...scope.paths, ...entry.tags.map((tag) => scope.qualify(tag))]
    const ttlMs = Math.ceil(retainedUntil(entry) - entry.storedAt)
    try {
      const stored = await link.fill({ key: qualified, token, asOf: entry.asOf, entry: bytes, tags, ttlMs })
      return stored ? 'stored' : 'refused'
    } catch {
      return 'away'
    }
  }

  /** Whether what is loaded since `asOf` is known to be outdated, so that waiting for it is in vain. */
  #isDoomed(scope: Scope, key: string, tags: readonly string[], asOf: number): boolean {
    return (this.#engine.keys.get(scope.qualify(key))?.hard ?? 0) > asOf || this.#engine.judge(scope, tags, asOf) === 'invalid'
  }

  async #ask(request: LeaseRequest): Promise<LeaseReply | undefined> {
    try {
      return await this.#reader.link.lease(request)
    } catch {
      return undefined
    }
  }
}
