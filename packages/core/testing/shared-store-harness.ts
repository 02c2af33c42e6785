import { Codec } from '../src/codec.ts'
import type { Entry } from '../src/entry.ts'
import type { Invalidation, LeaseReply, LogReader, SharedStore, Stamped, TagStamp, Write, WriteReply } from '../src/shared-store.ts'
import { structuredSerializer } from '../src/structured-serializer.ts'

/** How the contract opens stores over one backend and takes records away from it. */
export interface SharedStoreHarness {
  /** A store, each time over the same backend. */
  open(): Promise<SharedStore>
  /** Empties the backend. */
  reset(): Promise<void>
  /** Loses records, as an eviction would. */
  lose(record: { entry?: string; lease?: string; tag?: string; clock?: true; log?: true; tail?: true }): Promise<void>
  /** Whether an invalidation is one atomic step. */
  readonly atomic: boolean
}

/** The functions of a test framework; vitest's fit. */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => void
  readonly it: (name: string, body: () => Promise<void>) => void
  readonly beforeEach: (body: () => Promise<void>) => void
  readonly afterEach: (body: () => Promise<void>) => void
  readonly expect: (actual: unknown) => Matchers
}

interface Matchers {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
  toMatchObject(expected: object): void
  toBeGreaterThan(expected: number): void
  toBeGreaterThanOrEqual(expected: number): void
  toBeLessThanOrEqual(expected: number): void
}

interface FillParts {
  tags?: string[]
  value?: unknown
  ttlMs?: number
}

type Granted = Extract<LeaseReply, { status: 'granted' }> & { token: string }

/** What the tests of a store say, in few words. */
export interface SharedStoreSubject {
  readonly open: () => Promise<SharedStore>
  /** A store with a reader at the end of the log, which exists from then on. */
  readonly start: () => Promise<{ store: SharedStore; log: LogReader; tail: number }>
  /** Asks for a lease with a token of its own. */
  readonly lease: (store: SharedStore, key: string, seen?: number, ttlMs?: number) => Promise<LeaseReply & { token: string }>
  /** A lease that has to be granted. */
  readonly granted: (store: SharedStore, key: string, seen?: number) => Promise<Granted>
  readonly fill: (store: SharedStore, key: string, lease: { token: string; asOf: number }, parts?: FillParts) => Promise<boolean>
  /** Lease and fill, which have to succeed; the entry's asOf. */
  readonly load: (store: SharedStore, key: string, parts?: FillParts) => Promise<number>
  readonly write: (store: SharedStore, key: string, parts?: Partial<Write> & { value?: unknown }) => Promise<WriteReply>
  readonly writeLeased: (store: SharedStore, key: string, lease: { token: string; asOf: number }, parts?: FillParts) => Promise<Stamped | undefined>
  readonly invalidate: (store: SharedStore, parts: Partial<Invalidation>) => Promise<Stamped>
  /** The entry that is stored. */
  readonly peek: (store: SharedStore, key: string) => Promise<Entry | undefined>
  readonly stampOf: (store: SharedStore, tag: string) => Promise<TagStamp | undefined>
  readonly tailOf: (store: SharedStore) => Promise<number | undefined>
  readonly closeAll: () => Promise<void>
}

export function sharedStoreSubject(harness: SharedStoreHarness): SharedStoreSubject {
  const opened: (SharedStore | LogReader)[] = []
  let tokens = 0

  const keep = <T extends SharedStore | LogReader>(closable: T): T => {
    opened.unshift(closable)
    return closable
  }
  const subject: SharedStoreSubject = {
    open: async () => {
      const store = keep(await harness.open())
      await store.connect()
      return store
    },
    start: async () => {
      const store = await subject.open()
      const log = keep(await store.openLog())
      return { store, log, tail: (await log.start()).tail }
    },
    lease: async (store, key, seen = 0, ttlMs = 10_000) => {
      const token = `token-${++tokens}`
      const [reply] = await store.lease([{ key, token, ttlMs, seen }])
      return { token, ...reply! }
    },
    granted: async (store, key, seen) => {
      const reply = await subject.lease(store, key, seen)
      if (reply.status !== 'granted') throw new Error(`the lease is ${reply.status}`)
      return reply
    },
    fill: (store, key, { token, asOf }, { tags = [], value = 'value', ttlMs = 60_000 } = {}) =>
      store.fill({ key, token, asOf, entry: envelope({ asOf, value, tags }), tags, ttlMs }),
    load: async (store, key, parts) => {
      const permit = await subject.granted(store, key)
      if (!(await subject.fill(store, key, permit, parts))) throw new Error('the fill was refused')
      return permit.asOf
    },
    write: (store, key, { value = 'written', ...parts } = {}) =>
      store.write({ key, entry: envelope({ value, version: parts.version }), tags: [], ttlMs: 60_000, version: undefined, source: 'writer', ...parts }),
    writeLeased: (store, key, { token, asOf }, { tags = [], value = 'value', ttlMs = 60_000 } = {}) =>
      store.writeLeased({ key, token, asOf, entry: envelope({ asOf, value, tags }), tags, ttlMs, source: 'writer' }),
    invalidate: (store, parts) => store.invalidate({ keys: [], tags: [], soft: false, lagMs: 0, source: 'invalidator', ...parts }),
    peek: async (store, key) => {
      const [bytes] = (await store.read({ keys: [key], tags: [] })).entries
      return bytes && decoded(bytes)
    },
    stampOf: async (store, tag) => (await store.read({ keys: [], tags: [tag] })).tags[0],
    tailOf: async (store) => (await store.read({ keys: [], tags: [] })).tail,
    closeAll: async () => {
      for (const each of opened.splice(0)) await each.close()
    },
  }
  return subject
}

const codec = new Codec({ serializer: structuredSerializer() })

interface Draft {
  asOf?: number
  value?: unknown
  version?: bigint | undefined
  tags?: string[]
}

/** An entry's bytes. */
export const envelope = ({ asOf = 0, value, version, tags = [] }: Draft): Uint8Array =>
  codec.encode({ value, asOf, version, tags, storedAt: 0, freshUntil: Infinity, staleFor: 0, errorFor: 0, loadMs: 0 }, ANY_KEY)

export const decoded = (bytes: Uint8Array): Entry => codec.decode(bytes, ANY_KEY)

/** Nothing depends on it without encryption. */
const ANY_KEY = ''

/** What a promise was rejected with. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'it did not fail', (error: unknown) => error)

/** Asks again until the answer is yes. */
export async function eventually(ask: () => Promise<boolean>): Promise<void> {
  const patience = performance.now() + 10_000
  while (!(await ask())) {
    if (performance.now() > patience) throw new Error('it did not happen within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
