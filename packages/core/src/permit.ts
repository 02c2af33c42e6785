import { sleep } from './deadline.ts'
import type { Engine } from './engine.ts'
import type { Entry } from './entry.ts'
import type { ResolvedLoadOptions } from './options.ts'
import type { Scope } from './scope.ts'
import type { SharedLink } from './shared-link.ts'
import type { LeaseReply, LeaseRequest } from './shared-store.ts'
import type { SharedReader } from './shared-read.ts'
import type { Flight } from './single-flight.ts'

/** What a load may do with its result. */
export type Permit =
  /** Fill the shared tier if the lease still stands, then memory. */
  | { readonly kind: 'leased'; readonly asOf: number; readonly token: string }
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

/** Obtains permits: takes the lease of a key, or waits for the process that holds it (rules 1 and 11). */
export class PermitOffice {
  readonly #engine: Engine
  #tokens = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** For caches without a shared tier, and while it is away. */
  local(link: SharedLink | undefined): Permit {
    if (link === undefined) return { kind: 'local', asOf: this.#engine.nextStamp(), unsynced: false }
    return { kind: 'local', asOf: link.seen, unsynced: true }
  }

  /**
   * Half of `hardTimeout` is what a holder is given before the load goes ahead without a lease.
   *
   * @param seen asOf of the stored entry that cannot be used
   */
  async obtain(scope: Scope, flight: Flight, reader: SharedReader, seen: number, { hardTimeout, tags }: ResolvedLoadOptions): Promise<Permit> {
    const { link } = reader
    const token = `${link.source}:${++this.#tokens}`
    const ttlMs = Math.min(link.store.leaseTtl, hardTimeout + link.store.commandTimeout)
    const patience = this.#engine.clock.now() + hardTimeout / 2
    let known = flight.refresh ? Number.MAX_SAFE_INTEGER : seen
    let holder: string | undefined
    let replaces: string | undefined
    let poll = FIRST_POLL_MS
    let refusals = 0
    while (!flight.aborted) {
      const reply = await this.#ask(link, { key: scope.qualify(flight.key), token, ttlMs, seen: known, replaces })
      if (reply === undefined) return this.local(link)
      if (reply.status === 'granted') return { kind: 'leased', asOf: reply.asOf, token }
      if (reply.status === 'barred') return { kind: 'barred', asOf: link.seen }
      if (reply.status === 'filled') {
        const found = await reader.verify(scope, flight.key, reply.entry)
        if (found.kind === 'away') return this.local(link)
        if (found.kind === 'entry') return { kind: 'filled', entry: found.entry }
        if (++refusals === MOST_REFUSALS) return this.local(link)
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
      if (isAnother || this.#engine.clock.now() >= patience) return this.local(link)
      holder = reply.token
      known = seen
      await sleep(this.#engine.clock, Math.min(poll * (0.75 + this.#engine.random() / 2), reply.remainingMs + 1))
      poll = Math.min(poll * 1.5, LONGEST_POLL_MS)
    }
    return { kind: 'barred', asOf: link.seen }
  }

  /** Whether what is loaded since `asOf` is known to be outdated, so that waiting for it is in vain. */
  #isDoomed(scope: Scope, key: string, tags: readonly string[], asOf: number | undefined): boolean {
    if (asOf === undefined) return false
    return (this.#engine.keys.get(scope.qualify(key))?.hard ?? 0) > asOf || this.#engine.judge(scope, tags, asOf) === 'invalid'
  }

  async #ask(link: SharedLink, request: LeaseRequest): Promise<LeaseReply | undefined> {
    try {
      return await link.lease(request)
    } catch {
      return undefined
    }
  }
}
