import { CircuitBreaker } from './circuit-breaker.ts'
import { Batcher, type Waiter } from './batcher.ts'
import type { Clock } from './clock.ts'
import { DeadlineQueue } from './deadline.ts'
import { traced, tierChannel, type TierMessage } from './diagnostics.ts'
import { TierError } from './error.ts'
import { ROOT_PATH } from './key.ts'
import { Outbox } from './outbox.ts'
import { type Random, uniqueId } from './random.ts'
import { InvalidationRing } from './ring.ts'
import { ServerTime } from './server-time.ts'
import { StampTable } from './stamp-table.ts'
import type {
  Fill,
  LeaseReply,
  LeaseRequest,
  LogRecord,
  ReadReply,
  SharedStore,
  Stamped,
  TagStamp,
  Write,
  WriteReply,
} from './shared-store.ts'

/** What a cache is told by the link to its shared tier. */
export interface LinkListener {
  /** An invalidation, from the log or confirmed by the shared tier. */
  onRecord(record: LogRecord, origin: 'local' | 'remote'): void
  /** Invalidations may have been missed: nothing local is to be trusted. */
  onGap(): void
  /** The follower was in step when it asked at `time` (this machine's). */
  onInStep(time: number): void
  onState(state: LinkState): void
}

/** Changes that a cache reports as events. */
export type LinkState =
  | { readonly event: 'tierDown'; readonly error: unknown }
  | { readonly event: 'tierUp' | 'inStep' }
  | { readonly event: 'outOfStep'; readonly reason: 'disconnected' | 'gap' | 'regressed' }
  | { readonly event: 'queued'; readonly keys: number; readonly tags: number }
  | { readonly event: 'replayed'; readonly keys: number; readonly tags: number; readonly stamp: number }

export interface LinkOptions {
  readonly clock: Clock
  readonly random: Random
  readonly breakerFailures: number
  readonly breakerCooldown: number
}

/** One key's part of a batched read. */
export interface SharedRead {
  readonly entry: Uint8Array | undefined
  /** In the order asked. */
  readonly tags: readonly (TagStamp | undefined)[]
  readonly tail: number | undefined
}

/** What is read for one asker. */
export interface ReadPart {
  /** Qualified. */
  readonly key: string | undefined
  readonly tags: readonly string[]
}

const TAGS_KNOWN = 100_000
const KEYS_KNOWN = 10_000
const OUTBOX_LIMIT = 250_000
const RING_LIMIT = 10_000
const BATCH_LIMIT = 1_000

/**
 * This process's end of a shared tier: what it knows of the log, and the one way to ask the tier anything. Every
 * question passes the circuit breaker, has a deadline, and waits until invalidations that were queued while the
 * tier was away are replayed.
 */
export class SharedLink {
  readonly store: SharedStore
  readonly clock: Clock
  readonly random: Random
  /** Names this process in leases and in the log. */
  readonly source: string = uniqueId()
  readonly tags: StampTable = new StampTable(TAGS_KNOWN)
  readonly keys: StampTable = new StampTable(KEYS_KNOWN)
  readonly time: ServerTime = new ServerTime()
  readonly outbox: Outbox = new Outbox(OUTBOX_LIMIT, ROOT_PATH)
  readonly ring: InvalidationRing = new InvalidationRing(RING_LIMIT)
  readonly breaker: CircuitBreaker
  /** Newest position of the log that was applied here. */
  position = 0
  inStep = false
  /** The highest stamp this process has met: whatever it loads without a lease is not newer than that. */
  seen = 0
  /** The newest stamp of an invalidation of ours that the shared tier confirmed. */
  confirmed = 0
  /** Raised by every gap: what was read before it must not reach memory. */
  generation = 0
  readonly #listeners = new Set<LinkListener>()
  readonly #deadlines: DeadlineQueue
  readonly #reads: Batcher<ReadPart, SharedRead>
  readonly #leases: Batcher<LeaseRequest, LeaseReply>
  #connecting: Promise<void> | undefined
  #isConnected = false
  #tokens = 0
  #replay: (() => Promise<boolean>) | undefined

  constructor(store: SharedStore, options: LinkOptions) {
    this.store = store
    this.clock = options.clock
    this.random = options.random
    this.breaker = new CircuitBreaker(options.clock, options.breakerFailures, options.breakerCooldown)
    const late = (): Error => new TierError(store.name, `no answer within ${store.commandTimeout} ms`)
    this.#deadlines = new DeadlineQueue(options.clock, store.commandTimeout, late, {
      succeeded: () => this.breaker.succeed() && this.report({ event: 'tierUp' }),
      failed: (error) => this.breaker.fail() && this.report({ event: 'tierDown', error }),
    })
    this.#reads = new Batcher(BATCH_LIMIT, (parts) => this.#readBatch(parts))
    this.#leases = new Batcher(BATCH_LIMIT, (requests) => this.#leaseBatch(requests))
  }

  get name(): string {
    return this.store.name
  }

  /** A lease token that no other load uses. */
  nextToken(): string {
    return `${this.source}:${++this.#tokens}`
  }

  listen(listener: LinkListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** While set, questions wait for it; it says whether nothing is queued any more. */
  holdFor(replay: (() => Promise<boolean>) | undefined): void {
    this.#replay = replay
  }

  /** Reads one entry and some tags, together with everything else that is read in this turn. */
  read(key: string | undefined, tags: readonly string[]): Promise<SharedRead> {
    return this.#reads.add({ key, tags })
  }

  /** As `read`, without a promise: most reads of the shared tier pass here. */
  lookUp(part: ReadPart & Waiter<SharedRead>): void {
    this.#reads.enqueue(part, part)
  }

  /** Asks for one lease, together with the others of this turn. */
  lease(request: LeaseRequest): Promise<LeaseReply> {
    return this.#leases.add(request)
  }

  fill(fill: Fill): Promise<boolean> {
    return this.#ask('fill', () => this.store.fill(fill))
  }

  /** Best effort: a lease that is not given back ends by itself. */
  release(key: string, token: string): void {
    this.#ask('release', () => this.store.release(key, token)).catch(ignore)
  }

  discard(key: string, asOf: number): void {
    this.#ask('discard', () => this.store.discard(key, asOf)).catch(ignore)
  }

  inspect(key: string): Promise<{ lease: string | undefined }> {
    return this.#ask('inspect', () => this.store.inspect(key))
  }

  async write(write: Write): Promise<WriteReply> {
    const sent = this.clock.now()
    const reply = await this.#ask('write', () => this.store.write(write))
    if (reply.status === 'stored') {
      this.time.learn(sent, this.clock.now(), reply.time)
      this.apply({ ...reply, prev: 0, source: this.source, keys: [write.key], tags: [], soft: false, lagMs: 0 })
    }
    return reply
  }

  /** Sends one invalidation, ahead of anything that waits for the outbox. */
  async invalidate(keys: readonly string[], tags: readonly string[], soft: boolean, lagMs: number): Promise<Stamped> {
    const sent = this.clock.now()
    const reply = await this.#attempt('invalidate', () => this.store.invalidate({ keys, tags, soft, lagMs, source: this.source }))
    this.time.learn(sent, this.clock.now(), reply.time)
    this.apply({ ...reply, prev: 0, source: this.source, keys, tags, soft, lagMs })
    return reply
  }

  /** Applies an invalidation here. Idempotent and in any order: stamps decide. */
  apply(record: LogRecord): void {
    const local = record.source === this.source
    this.see(record.stamp)
    if (local) this.confirmed = Math.max(this.confirmed, record.stamp)
    this.ring.push(record)
    const stamp = effectiveStamp(record)
    for (const tag of record.tags) this.tags.raise(tag, stamp, record.soft)
    for (const key of record.keys) this.keys.raise(key, stamp, record.soft)
    for (const listener of this.#listeners) listener.onRecord(record, local ? 'local' : 'remote')
  }

  see(stamp: number): void {
    if (stamp > this.seen) this.seen = stamp
  }

  /** Invalidations may have been missed: forgets what relied on having seen them all. */
  lostTrack(): void {
    this.generation++
    this.tags.clear()
    this.keys.clear()
    for (const listener of this.#listeners) listener.onGap()
  }

  reportInStep(time: number): void {
    for (const listener of this.#listeners) listener.onInStep(time)
  }

  report(state: LinkState): void {
    for (const listener of this.#listeners) listener.onState(state)
  }

  #ask<T>(operation: TierMessage['operation'], send: () => Promise<T>): Promise<T> {
    if (this.#replay === undefined) return this.#attempt(operation, send)
    return this.#replay().then((isDone) => {
      if (isDone) return this.#attempt(operation, send)
      throw new TierError(this.name, 'invalidations are waiting to be replayed')
    })
  }

  /** Not an async function, nor is what is above: each would cost every read of the shared tier a few microtasks. */
  #attempt<T>(operation: TierMessage['operation'], send: () => Promise<T>): Promise<T> {
    if (!this.breaker.tryPass()) return Promise.reject(new TierError(this.name, 'not asked: its circuit breaker is open'))
    const answer = traced<TierMessage, T>(tierChannel, () => ({ tier: this.name, operation }), () => this.#connected(send))
    return this.#deadlines.run(answer)
  }

  #connected<T>(send: () => Promise<T>): Promise<T> {
    if (this.#isConnected) return promised(send)
    if (this.#connecting === undefined) {
      this.#connecting = this.store.connect()
      // A failed start is tried again by the next question.
      this.#connecting.then(
        () => (this.#isConnected = true),
        () => (this.#connecting = undefined),
      )
    }
    return this.#connecting.then(send)
  }

  async #leaseBatch(requests: LeaseRequest[]): Promise<readonly LeaseReply[]> {
    const sent = this.clock.now()
    const replies = await this.#ask('lease', () => this.store.lease(requests))
    const received = this.clock.now()
    for (const reply of replies) {
      this.time.learn(sent, received, reply.time)
      if (reply.status === 'granted') this.see(reply.asOf)
    }
    return replies
  }

  #readBatch(parts: ReadPart[]): Promise<readonly SharedRead[]> {
    const batch = new ReadBatch(parts)
    return this.#ask('read', () => this.store.read(batch)).then((reply) => {
      batch.tags.forEach((tag, index) => {
        const stamp = reply.tags[index]
        if (stamp !== undefined) this.tags.learn(tag, stamp, this.position)
      })
      return batch.split(reply)
    })
  }
}

/** The parts of one batched read, each tag once. */
class ReadBatch {
  readonly keys: string[] = []
  readonly tags: readonly string[]
  readonly #parts: readonly ReadPart[]
  /** Where each tag stands, unless all parts have the same: those of one namespace share the array of its paths. */
  readonly #places: Map<string, number> | undefined

  constructor(parts: readonly ReadPart[]) {
    this.#parts = parts
    const [{ tags }] = parts as [ReadPart]
    let isShared = true
    for (const part of parts) {
      if (part.key !== undefined) this.keys.push(part.key)
      if (part.tags !== tags) isShared = false
    }
    this.#places = isShared ? undefined : placesOf(parts)
    this.tags = this.#places === undefined ? tags : [...this.#places.keys()]
  }

  split(reply: ReadReply): SharedRead[] {
    let next = 0
    return this.#parts.map(({ key, tags }) => ({
      entry: key === undefined ? undefined : reply.entries[next++],
      tags: this.#places === undefined ? reply.tags : tags.map((tag) => reply.tags[this.#places!.get(tag)!]),
      tail: reply.tail,
    }))
  }
}

function placesOf(parts: readonly ReadPart[]): Map<string, number> {
  const places = new Map<string, number>()
  for (const { tags } of parts) for (const tag of tags) if (!places.has(tag)) places.set(tag, places.size)
  return places
}

/** The stamp below which entries are invalid: `replicaLag` moves it ahead of the invalidation. */
export const effectiveStamp = (record: Pick<LogRecord, 'stamp' | 'lagMs'>): number => record.stamp + record.lagMs * 1_000

/** A store that throws where it should reject must not take the process down. */
function promised<T>(send: () => Promise<T>): Promise<T> {
  try {
    return send()
  } catch (error) {
    return Promise.reject(error as Error)
  }
}

function ignore(): void {}
