import type { Waiter } from './batcher.ts'
import type { Codec } from './codec.ts'
import type { Engine } from './engine.ts'
import { type Entry, softened } from './entry.ts'
import type { Scope } from './scope.ts'
import type { ReadPart, SharedLink, SharedRead } from './shared-link.ts'
import { stampTime, type TagStamp } from './shared-store.ts'

/**
 * What the shared tier has of a key. `seen`: asOf of the entry that is stored there, usable or not; somebody
 * who finds a newer one has found something else.
 */
export type Found =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly seen: number }
  | { readonly kind: 'none'; readonly seen: number; readonly invalid: boolean }
  | { readonly kind: 'away' }

const COUNTERS = { entry: 'hit', none: 'miss', away: 'error' } as const
const AWAY: Found = { kind: 'away' }
const NOTHING: Found = { kind: 'none', seen: 0, invalid: false }
/** No entry that is stored counts as newer, so that it can be replaced. */
export const UNREADABLE: Found = { kind: 'none', seen: Number.MAX_SAFE_INTEGER, invalid: false }

/** Entries of one batch that are worked on at a time. */
const SLICE = 32

/** Reads the shared tier, and believes an entry only if every tag it carries is known and not newer (rule 3). */
export class SharedReader {
  readonly #engine: Engine
  readonly #codec: Codec
  readonly link: SharedLink
  /** Look-ups whose turn has not come. */
  readonly #later: { readonly lookUp: LookUp; readonly read: SharedRead }[] = []

  constructor(engine: Engine, link: SharedLink, codec: Codec) {
    this.#engine = engine
    this.#codec = codec
    this.link = link
  }

  /** Tells the seeker what the tier has, when it has answered. */
  lookUp(scope: Scope, key: string, seeker: Seeker): void {
    this.link.lookUp(new LookUp(this, scope, key, seeker))
  }

  /** As `lookUp`, as a promise. Never rejects. */
  find(scope: Scope, key: string): Promise<Found> {
    return new Promise((resolve) => this.lookUp(scope, key, { found: resolve }))
  }

  /**
   * @internal Hands the entries of a large batch out in slices: what the callers of one slice ask next is on its way
   * before the next is worked on, so that the tier and this process work at the same time. Who gets no entry learns it
   * at once, so that all who have to load ask for their leases together.
   */
  take(lookUp: LookUp, read: SharedRead, place: number): void {
    if (place < SLICE || read.entry === undefined) return this.#answer(lookUp, read)
    if (this.#later.length === 0) setImmediate(this.#takeSlice)
    this.#later.push({ lookUp, read })
  }

  readonly #takeSlice = (): void => {
    const slice = this.#later.splice(0, SLICE)
    if (this.#later.length > 0) setImmediate(this.#takeSlice)
    for (const { lookUp, read } of slice) this.#answer(lookUp, read)
  }

  #answer({ scope, text, key, seeker, isHeld }: LookUp, read: SharedRead): void {
    if (read.entry === undefined) return seeker.found(this.counted(NOTHING))
    const found = this.#examine(scope, text, this.#decode(text, key, read.entry), read, isHeld)
    if (found instanceof Promise) void found.then((late) => seeker.found(late))
    else seeker.found(this.counted(found))
  }

  /** An entry that came without the stamps it depends on. `isHeld`: as of a look-up, when it was asked for. */
  async verify(scope: Scope, key: string, bytes: Uint8Array, isHeld: boolean): Promise<Found> {
    try {
      const read = await this.link.read(undefined, scope.paths)
      return await this.#examine(scope, key, this.#decode(key, scope.qualify(key), bytes), read, isHeld)
    } catch {
      return AWAY
    }
  }

  #examine(scope: Scope, key: string, entry: Entry | undefined, read: SharedRead, isHeld: boolean): Found | Promise<Found> {
    if (entry === undefined) return UNREADABLE
    const verdict = new Verdict(entry, isHeld)
    const unknown: string[] = []
    for (let i = 0; i < scope.paths.length; i++) {
      const stamp = read.tags[i]
      // Of several nodes, this one may have been read before the fill came by, and the entry's after it.
      if (stamp === undefined) unknown.push(scope.paths[i]!)
      else verdict.take(stamp)
    }
    // The follower's stamps are as good as the tier's own when it has applied all that the tier has logged.
    const isCurrent = this.link.inStep && read.tail === this.link.position
    for (const tag of entry.tags) {
      const qualified = scope.qualifyTag(tag)
      const stamp = isCurrent ? this.link.tags.get(qualified) : undefined
      if (stamp === undefined) unknown.push(qualified)
      else verdict.take(stamp)
    }
    return unknown.length === 0 ? this.#conclude(scope, key, verdict) : this.#ask(scope, key, verdict, unknown)
  }

  async #ask(scope: Scope, key: string, verdict: Verdict, unknown: readonly string[]): Promise<Found> {
    try {
      for (const stamp of (await this.link.read(undefined, unknown)).tags) verdict.take(stamp)
    } catch {
      return this.counted(AWAY)
    }
    return this.counted(this.#conclude(scope, key, verdict))
  }

  #conclude(scope: Scope, key: string, { entry, isHeld, invalid, softAt }: Verdict): Found {
    const { link } = this
    const { asOf, tags } = entry
    // An invalidation of ours is newer than all that has come here, confirmed or not.
    link.see(asOf)
    const isOvertaken = isHeld && asOf < link.confirmed
    if (invalid || isOvertaken || link.isPending(scope, key, tags)) return { kind: 'none', seen: asOf, invalid: true }
    return { kind: 'entry', entry: softAt > 0 ? softened(entry, softAt) : entry, seen: asOf }
  }

  /** @internal */
  counted(found: Found): Found {
    this.#engine.sharedCounters[COUNTERS[found.kind]]++
    return found
  }

  #decode(key: string, qualified: string, bytes: Uint8Array): Entry | undefined {
    try {
      return this.#codec.decode(bytes, qualified)
    } catch (error) {
      this.#engine.emitter.emit('corrupt', { key, tier: this.link.name, error })
      return undefined
    }
  }
}

/** Who wants to know what the shared tier has. Called once. */
export interface Seeker {
  found(found: Found): void
}

/** One key's part of a batched read. An object with methods rather than closures: there is one for every shared hit. */
class LookUp implements ReadPart, Waiter<SharedRead> {
  readonly key: string
  readonly tags: readonly string[]
  readonly #reader: SharedReader
  readonly scope: Scope
  readonly text: string
  readonly seeker: Seeker
  /**
   * Whether an invalidation of it waited when it began, and so binds it, though it may be confirmed before the answer.
   * Stamps of its tags are read, or known, after that.
   */
  readonly isHeld: boolean

  constructor(reader: SharedReader, scope: Scope, text: string, seeker: Seeker) {
    this.key = scope.qualify(text)
    this.tags = scope.paths
    this.#reader = reader
    this.scope = scope
    this.text = text
    this.seeker = seeker
    this.isHeld = reader.link.isPending(scope, text)
  }

  resolve(read: SharedRead, place: number): void {
    this.#reader.take(this, read, place)
  }

  reject(): void {
    this.seeker.found(this.#reader.counted(AWAY))
  }
}

/** Gathers what the stamps say about an entry. */
class Verdict {
  readonly entry: Entry
  readonly isHeld: boolean
  invalid = false
  /** Since when one of its tags makes it stale, in ms; 0 for never. */
  softAt = 0

  constructor(entry: Entry, isHeld: boolean) {
    this.entry = entry
    this.isHeld = isHeld
  }

  /** An unknown stamp invalidates: its record was lost, and with it what it said. */
  take(stamp: TagStamp | undefined): void {
    if (stamp === undefined || stamp.hard > this.entry.asOf) this.invalid = true
    else if (stamp.soft > this.entry.asOf) this.softAt = Math.max(this.softAt, stampTime(stamp.soft))
  }
}
