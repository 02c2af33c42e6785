import { type Clock, systemClock } from '../src/clock.ts'
import { ENVELOPE } from '../src/codec.ts'
import type { Encoding } from '../src/encoding.ts'
import { TierError } from '../src/error.ts'
import type {
  Fill,
  Invalidation,
  LeasedWrite,
  LeaseReply,
  LeaseRequest,
  LogBatch,
  LogReader,
  LogRecord,
  ReadReply,
  ReadRequest,
  SharedStore,
  Stamped,
  TagStamp,
  Write,
  WriteReply,
} from '../src/shared-store.ts'
import { sharedTier } from '../src/shared-tier.ts'
import { structuredSerializer } from '../src/structured-serializer.ts'
import type { SharedTier } from '../src/tier.ts'
import { Faults, type Operation } from './faults.ts'

/** Options of a shared tier in memory, the same for every process that uses it. */
export interface SharedMemoryOptions {
  /** The tier's own clock. */
  readonly clock?: Clock
  readonly leaseTtl?: number
  readonly heartbeat?: number
  readonly commandTimeout?: number
  /** Records of the log to keep. */
  readonly logLength?: number
}

interface Expiring<T> {
  readonly value: T
  readonly until: number
}

/** Everything that a backend holds: what a snapshot saves and a restore brings back. */
export interface SharedMemoryState {
  entries: Map<string, Expiring<Buffer>>
  leases: Map<string, Expiring<{ readonly token: string; readonly asOf: number }>>
  tags: Map<string, Expiring<TagStamp>>
  log: LogRecord[]
  clock: number
  tail: number | undefined
}

const BARRED = ''
const PROLONG_MS = 60_000

/**
 * A shared tier in the memory of this process: the reference implementation of `SharedStore`, and a backend
 * whose faults are switches. Each `tier()` stands for the connection of one process.
 *
 * @example
 * ```ts
 * const backend = new SharedMemory()
 * const [first, second] = [createCache({ tiers: [backend.tier()] }), createCache({ tiers: [backend.tier()] })]
 * await first.set('a', 1)
 * await second.get('a') // 1
 * backend.faults.down()
 * await first.delete('a') // { status: 'queued' }
 * ```
 */
export class SharedMemory {
  readonly faults: Faults = new Faults()
  readonly clock: Clock
  readonly options: Required<Omit<SharedMemoryOptions, 'clock'>>
  state: SharedMemoryState = emptyState()
  readonly #readers = new Set<() => void>()

  constructor(options: SharedMemoryOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.options = {
      leaseTtl: options.leaseTtl ?? 15_000,
      heartbeat: options.heartbeat ?? 1_000,
      commandTimeout: options.commandTimeout ?? 500,
      logLength: options.logLength ?? 10_000,
    }
  }

  /** The tier as one more process sees it. */
  tier(encoding: Encoding = { serializer: structuredSerializer() }): SharedTier {
    return sharedTier({ name: 'shared', ...encoding, open: () => this.open() })
  }

  open(): SharedStore {
    return new SharedMemoryStore(this)
  }

  snapshot(): SharedMemoryState {
    return copied(this.state)
  }

  /** Takes everything back to a snapshot. */
  restore(state: SharedMemoryState): void {
    this.state = copied(state)
  }

  /** FLUSHALL. */
  flush(): void {
    this.state = emptyState()
  }

  time(): number {
    return this.clock.now()
  }

  stamp(): number {
    const { state } = this
    const clock = state.clock === 0 ? (state.log.at(-1)?.stamp ?? 0) : state.clock
    state.clock = Math.max(clock + 1, Math.floor(this.time() * 1_000))
    return state.clock
  }

  append(record: Omit<LogRecord, 'prev'>): void {
    const { log } = this.state
    log.push({ ...record, prev: log.at(-1)?.stamp ?? 0 })
    if (log.length > this.options.logLength) log.splice(0, log.length - this.options.logLength)
    this.state.tail = record.stamp
    for (const wake of this.#readers) wake()
  }

  /** Resolves at the next append, when the reader closes, or after `ms`. */
  async appended(ms: number, closed: Promise<void>): Promise<void> {
    if (ms === 0) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#readers.delete(wake)
        this.clock.clearTimeout(timer)
        resolve()
      }
      const timer = this.clock.setTimeout(wake, ms)
      this.#readers.add(wake)
      void closed.then(wake)
    })
  }

  live<T>(records: Map<string, Expiring<T>>, name: string): T | undefined {
    const record = records.get(name)
    if (record === undefined || record.until > this.time()) return record?.value
    records.delete(name)
    return undefined
  }

  /** A tag without a record was never invalidated, or its record is lost: the log knows, if it reaches back far enough. */
  resolveMissing(tag: string, asOf: number): TagStamp {
    const { log } = this.state
    const invalidated = log.filter(({ tags }) => tags.includes(tag)).map(({ stamp, lagMs }) => stamp + lagMs * 1_000)
    const reached = log.findLast(({ stamp }) => stamp <= asOf)?.stamp ?? this.stamp()
    return { hard: Math.max(reached, ...invalidated), soft: 0 }
  }

  /** Makes a tag's record outlive an entry. */
  carry(tag: string, stamp: TagStamp, ttlMs: number): void {
    const until = Math.max(this.state.tags.get(tag)?.until ?? 0, this.time() + ttlMs + PROLONG_MS)
    this.state.tags.set(tag, { value: stamp, until })
  }
}

class SharedMemoryStore implements SharedStore {
  readonly name = 'shared'
  readonly leaseTtl: number
  readonly heartbeat: number
  readonly commandTimeout: number
  readonly #memory: SharedMemory
  #closed = false

  constructor(memory: SharedMemory) {
    this.#memory = memory
    this.leaseTtl = memory.options.leaseTtl
    this.heartbeat = memory.options.heartbeat
    this.commandTimeout = memory.options.commandTimeout
  }

  connect(): Promise<void> {
    return this.#run('connect', () => {})
  }

  read({ keys, tags }: ReadRequest): Promise<ReadReply> {
    return this.#run('read', ({ state }) => ({
      entries: keys.map((key) => this.#memory.live(state.entries, key)),
      tags: tags.map((tag) => this.#memory.live(state.tags, tag)),
      tail: state.tail,
    }))
  }

  lease(requests: readonly LeaseRequest[]): Promise<readonly LeaseReply[]> {
    return this.#run('lease', (memory) => {
      const asOf = memory.stamp()
      return requests.map((request) => this.#leaseOne(request, asOf))
    })
  }

  #leaseOne({ key, token, ttlMs, seen, replaces }: LeaseRequest, asOf: number): LeaseReply {
    const { state } = this.#memory
    const time = this.#memory.time()
    const entry = this.#memory.live(state.entries, key)
    if (entry !== undefined && asOfOf(entry) > seen) return { status: 'filled', entry, time }
    const holder = this.#memory.live(state.leases, key)
    if (holder?.token === BARRED) return { status: 'barred', time }
    if (holder !== undefined && holder.token !== replaces) return { status: 'held', ...holder, remainingMs: state.leases.get(key)!.until - time, time }
    state.leases.set(key, { value: { token, asOf }, until: time + ttlMs })
    return { status: 'granted', asOf, version: entry && versionOf(entry), time }
  }

  fill(fill: Fill): Promise<boolean> {
    return this.#run('fill', () => this.#fill(fill))
  }

  writeLeased({ source, ...fill }: LeasedWrite): Promise<Stamped | undefined> {
    return this.#run('writeLeased', (memory) => {
      if (!this.#fill(fill)) return undefined
      const stamp = memory.stamp()
      memory.append({ stamp, source, keys: [fill.key], tags: [], soft: false, lagMs: 0, asOf: fill.asOf })
      return { stamp, time: memory.time() }
    })
  }

  #fill({ key, token, asOf, entry, tags, ttlMs }: Fill): boolean {
    const memory = this.#memory
    const { state } = memory
    if (memory.live(state.leases, key)?.token !== token) return false
    state.leases.delete(key)
    const stamps = tags.map((tag) => memory.live(state.tags, tag) ?? memory.resolveMissing(tag, asOf))
    tags.forEach((tag, index) => memory.carry(tag, stamps[index]!, ttlMs))
    if (stamps.some(({ hard, soft }) => hard > asOf || soft > asOf)) return false
    state.entries.set(key, { value: Buffer.from(entry), until: memory.time() + ttlMs })
    return true
  }

  release(key: string, token: string): Promise<void> {
    return this.#run('release', ({ state }) => {
      if (this.#memory.live(state.leases, key)?.token === token) state.leases.delete(key)
    })
  }

  write({ key, entry, tags, ttlMs, version, source }: Write): Promise<WriteReply> {
    return this.#run('write', (memory): WriteReply => {
      const { state } = memory
      const stored = memory.live(state.entries, key)
      const storedVersion = stored && versionOf(stored)
      if (version !== undefined && storedVersion !== undefined && storedVersion >= version) return { status: 'superseded' }
      const stamp = memory.stamp()
      const bytes = Buffer.from(entry)
      bytes.writeDoubleLE(stamp, ENVELOPE.asOf)
      bytes.writeDoubleLE(stamp * ENVELOPE.seal, ENVELOPE.asOf + 8)
      for (const tag of tags) {
        const known = memory.live(state.tags, tag) ?? memory.resolveMissing(tag, stamp)
        // This write is the newest there is: no tag makes it invalid.
        memory.carry(tag, { hard: Math.min(known.hard, stamp), soft: Math.min(known.soft, stamp) }, ttlMs)
      }
      state.entries.set(key, { value: bytes, until: memory.time() + ttlMs })
      if (memory.live(state.leases, key)?.token !== BARRED) state.leases.delete(key)
      memory.append({ stamp, source, keys: [key], tags: [], soft: false, lagMs: 0 })
      return { status: 'stored', stamp, time: memory.time() }
    })
  }

  invalidate({ keys, tags, soft, lagMs, source }: Invalidation): Promise<Stamped> {
    return this.#run('invalidate', (memory) => {
      const stamp = memory.stamp()
      for (const key of keys) this.#invalidateKey(key, soft, lagMs)
      for (const tag of tags) this.#invalidateTag(tag, stamp, soft, lagMs)
      memory.append({ stamp, source, keys, tags, soft, lagMs })
      return { stamp, time: memory.time() }
    })
  }

  #invalidateKey(key: string, soft: boolean, lagMs: number): void {
    const { state } = this.#memory
    const entry = this.#memory.live(state.entries, key)
    const bar = this.#memory.live(state.leases, key)?.token === BARRED ? state.leases.get(key)!.until : 0
    state.leases.delete(key)
    const until = soft ? bar : Math.max(bar, this.#memory.time() + lagMs)
    if (until > this.#memory.time()) state.leases.set(key, { value: { token: BARRED, asOf: 0 }, until })
    if (!soft) {
      state.entries.delete(key)
    } else if (entry !== undefined && isEnvelope(entry)) {
      const known = entry.readDoubleLE(ENVELOPE.softAt)
      const softAt = known === 0 ? this.#memory.time() : Math.min(known, this.#memory.time())
      entry.writeDoubleLE(softAt, ENVELOPE.softAt)
      entry.writeDoubleLE(softAt * ENVELOPE.seal, ENVELOPE.softAt + 8)
    }
  }

  #invalidateTag(tag: string, stamp: number, soft: boolean, lagMs: number): void {
    const { state, options } = this.#memory
    const known = this.#memory.live(state.tags, tag)
    const until = this.#memory.time() + 2 * options.leaseTtl + lagMs
    if (soft && known !== undefined) state.tags.set(tag, { value: { hard: known.hard, soft: stamp }, until: state.tags.get(tag)!.until })
    else state.tags.set(tag, { value: { hard: Math.max(known?.hard ?? 0, stamp + lagMs * 1_000), soft: 0 }, until })
  }

  discard(key: string, asOf: number): Promise<void> {
    return this.#run('discard', ({ state }) => {
      const entry = this.#memory.live(state.entries, key)
      if (entry !== undefined && asOfOf(entry) === asOf) state.entries.delete(key)
    })
  }

  inspect(key: string): Promise<{ lease: string | undefined }> {
    return this.#run('inspect', ({ state }) => ({ lease: this.#memory.live(state.leases, key)?.token || undefined }))
  }

  async openLog(): Promise<LogReader> {
    await this.#run('openLog', () => {})
    let close!: () => void
    const closed = new Promise<void>((resolve) => (close = resolve))
    return {
      start: () =>
        this.#run('startLog', (memory) => {
          if (memory.state.log.length === 0) memory.append({ stamp: memory.stamp(), source: '', keys: [], tags: [], soft: false, lagMs: 0 })
          return { tail: memory.state.log.at(-1)!.stamp, time: memory.time() }
        }),
      read: async (after, waitMs) => {
        const isNew = (): boolean => (this.#memory.state.log.at(-1)?.stamp ?? 0) > after
        if (!isNew()) await this.#memory.appended(waitMs, closed)
        return this.#run('readLog', (memory): LogBatch => {
          const { log } = memory.state
          return { records: log.filter((record) => record.stamp > after), tail: log.at(-1)?.stamp ?? 0, time: memory.time() }
        })
      },
      close: async () => close(),
    }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async #run<T>(operation: Operation, execute: (memory: SharedMemory) => T): Promise<T> {
    await this.#memory.faults.before(operation)
    if (this.#closed) throw new TierError(this.name, 'closed')
    const reply = execute(this.#memory)
    await this.#memory.faults.after(operation)
    return reply
  }
}

/** What is no envelope counts as absent. */
const isEnvelope = (bytes: Buffer): boolean => bytes.length > ENVELOPE.version && bytes[0] === 0xca && bytes[1] === 0x5c

const asOfOf = (bytes: Buffer): number => (isEnvelope(bytes) ? bytes.readDoubleLE(ENVELOPE.asOf) : 0)

function versionOf(envelope: Buffer): bigint | undefined {
  const length = isEnvelope(envelope) ? envelope[ENVELOPE.version]! : 0
  return length === 0 ? undefined : BigInt(envelope.toString('latin1', ENVELOPE.version + 1, ENVELOPE.version + 1 + length))
}

/** Entries are changed in place by soft invalidation, the other records are replaced. */
const copied = (state: SharedMemoryState): SharedMemoryState => ({
  ...state,
  entries: new Map([...state.entries].map(([key, { value, until }]) => [key, { value: Buffer.from(value), until }])),
  leases: new Map(state.leases),
  tags: new Map(state.tags),
  log: [...state.log],
})

const emptyState = (): SharedMemoryState => ({ entries: new Map(), leases: new Map(), tags: new Map(), log: [], clock: 0, tail: undefined })
