import { CircuitBreaker } from './circuit-breaker.ts'
import { Batcher, type Waiter } from './batcher.ts'
import type { Clock } from './clock.ts'
import { DeadlineQueue } from './deadline.ts'
import { traced, tierChannel, type TierMessage } from './diagnostics.ts'
import { RefusedError, TierError } from './error.ts'
import type { Entry } from './entry.ts'
import type { CacheEvents } from './events.ts'
import { ROOT_PATH } from './key.ts'
import { Outbox } from './outbox.ts'
import { type Random, uniqueId } from './random.ts'
import { InvalidationRing } from './ring.ts'
import type { Scope } from './scope.ts'
import { ServerTime } from './server-time.ts'
import { StampTable } from './stamp-table.ts'
import type {
  Fill,
  LeasedWrite,
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
  onEvent<E extends LinkEvent>(event: E, message: CacheEvents[E]): void
}

/** The events of a cache that tell of its shared tier. */
export type LinkEvent = 'tierDown' | 'tierUp' | 'inStep' | 'outOfStep' | 'queued' | 'replayed'

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
  /** Until when, on this machine's clock, replicas may lag behind an invalidation of ours. */
  lagsUntil = 0
  /** Raised by every gap: what was read before it must not reach memory. */
  generation = 0
  readonly #listeners = new Set<LinkListener>()
  readonly #deadlines: DeadlineQueue
  readonly #reads: Batcher<ReadPart, SharedRead>
  readonly #leases: Batcher<LeaseRequest, LeaseReply>
  #connecting: Promise<void> | undefined
  #isConnected = false
  #isClosed = false
  #tokens = 0
  #replay: (() => Promise<void> | undefined) | undefined

  constructor(store: SharedStore, options: LinkOptions) {
    this.store = store
    this.clock = options.clock
    this.random = options.random
    this.breaker = new CircuitBreaker(options.clock, options.breakerFailures, options.breakerCooldown)
    const late = (): Error => new TierError(store.name, `no answer within ${store.commandTimeout} ms`)
    this.#deadlines = new DeadlineQueue(options.clock, store.commandTimeout, late, {
      succeeded: () => this.#onAnswer(),
      failed: (error, era) => {
        if (error instanceof RefusedError) this.#onAnswer()
        else if (this.breaker.fail(era)) this.report('tierDown', { tier: this.name, error })
      },
    })
    this.#reads = new Batcher(BATCH_LIMIT, (parts) => this.#readBatch(parts))
    this.#leases = new Batcher(BATCH_LIMIT, (requests) => this.#leaseBatch(requests))
  }

  get name(): string {
    return this.store.name
  }

  get isOff(): boolean {
    return this.breaker.state === 'off'
  }

  /** Asks the tier nothing any more, as if it were away; what is invalidated waits. For all caches that share it. */
  turnOff(): void {
    if (this.isOff) return
    this.breaker.turnOff()
    this.report('tierDown', { tier: this.name, error: new TierError(this.name, 'disabled') })
  }

  turnOn(): void {
    this.breaker.turnOn()
  }

  /** A lease token that no other load uses. */
  nextToken(): string {
    return `${this.source}:${++this.#tokens}`
  }

  listen(listener: LinkListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** While set, questions wait for it, and are refused when it has not taken itself away. */
  holdFor(replay: (() => Promise<void> | undefined) | undefined): void {
    this.#replay = replay
  }

  /** Whether an invalidation of a key, of its namespaces, or of one of these tags waits for the tier. */
  isPending(scope: Scope, key: string, tags?: readonly string[]): boolean {
    const { outbox } = this
    if (outbox.empty) return false
    if (outbox.holdsKey(scope.qualify(key)) || scope.paths.some((path) => outbox.holdsTag(path))) return true
    return tags?.some((tag) => outbox.holdsTag(scope.qualifyTag(tag))) ?? false
  }

  /** Whether it was loaded so soon after an invalidation, which the tier does not know of yet, that replicas may have lagged. */
  isLagging(scope: Scope, key: string, { storedAt, loadMs, tags }: Entry): boolean {
    return storedAt - loadMs < this.lagsUntil + this.time.offset && this.isPending(scope, key, tags)
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

  /** A fill that others are told of. Says whether it was stored. */
  async writeLeased(write: Omit<LeasedWrite, 'source'>): Promise<boolean> {
    const sent = this.clock.now()
    const reply = await this.#ask('writeLeased', () => this.store.writeLeased({ ...write, source: this.source }))
    if (reply === undefined) return false
    this.time.learn(sent, this.clock.now(), reply.time)
    const { key, asOf } = write
    this.apply({ ...reply, prev: 0, source: this.source, keys: [key], tags: [], soft: false, lagMs: 0, asOf })
    return true
  }

  /** Asks the tier's journal. */
  journal<T>(ask: () => Promise<T>): Promise<T> {
    return this.#ask('journal', ask)
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
    for (const key of record.keys) this.keys.raise(key, record.asOf ?? stamp, record.soft)
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

  report<E extends LinkEvent>(event: E, message: CacheEvents[E]): void {
    for (const listener of this.#listeners) listener.onEvent(event, message)
  }

  /** Ends what is under way, and asks the tier nothing any more. */
  close(): void {
    this.#isClosed = true
    this.#deadlines.end(new TierError(this.name, 'closed'))
  }

  #ask<T>(operation: TierMessage['operation'], send: () => Promise<T>): Promise<T> {
    if (this.#replay === undefined) return this.#attempt(operation, send)
    const waiting = (): TierError => new TierError(this.name, 'invalidations are waiting to be replayed')
    const replay = this.#replay()
    if (replay === undefined) return Promise.reject(waiting())
    return replay.then(() => {
      if (this.#replay === undefined) return this.#attempt(operation, send)
      throw waiting()
    })
  }

  /** Not an async function, nor is what is above: each would cost every read of the shared tier a few microtasks. */
  #attempt<T>(operation: TierMessage['operation'], send: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new TierError(this.name, 'closed'))
    if (!this.breaker.tryPass()) return Promise.reject(new TierError(this.name, this.isOff ? 'disabled' : 'not asked: its circuit breaker is open'))
    const answer = traced<TierMessage, T>(tierChannel, () => ({ tier: this.name, operation }), () => this.#connected(send))
    return this.#deadlines.run(answer, this.breaker.era)
  }

  #onAnswer(): void {
    if (this.breaker.succeed()) this.report('tierUp', { tier: this.name })
  }

  #connected<T>(send: () => Promise<T>): Promise<T> {
    if (this.#isConnected) return promised(send)
    if (this.#connecting === undefined) {
      this.#connecting = promised(() => this.store.connect())
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

  /**
   * A stamp read from the tier ends the epoch only when it says more than the log has said. Of a tag nobody knew, what
   * the log has yet to say is news as well: when its record comes the stamp is known.
   */
  #learn(tag: string, { hard, soft }: TagStamp): void {
    if (this.tags.get(tag) === undefined && Math.max(hard, soft) <= this.position) return this.tags.put(tag, { hard, soft })
    this.tags.raise(tag, hard, false)
    this.tags.raise(tag, soft, true)
  }

  #readBatch(parts: ReadPart[]): Promise<readonly SharedRead[]> {
    const batch = new ReadBatch(parts)
    return this.#ask('read', () => this.store.read(batch)).then((reply) => {
      batch.tags.forEach((tag, index) => {
        const stamp = reply.tags[index]
        if (stamp !== undefined) this.#learn(tag, stamp)
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
