import type { Cache } from '@stratacache/core'
import { until } from 'test-support'
import { monotonic } from '../../src/process/monotonic.ts'

const TICK_MS = 20
/** What a process does in one tick, besides one read that must not be answered with what was invalidated. */
const NEW_KEYS = 30
const WRITES = 5
const HITS = 10
/** How many ticks later some of the keys are deleted, some invalidated by tag, and the rest read by the other process. */
const LATER = 25
const DELETED = 5
const INVALIDATED = 20
/** Reads and invalidations under way at most: beyond that a tick is left out, as a server would refuse requests. */
const MOST_UNDER_WAY = 5_000

interface Value {
  readonly key: string
  /** When its load began, on the clock that all processes share. */
  readonly at: number
}

/** What went through the cache. */
export interface Flow {
  /** New ones, each with a tag of its own. */
  readonly keys: number
  readonly reads: number
  readonly errors: number
  readonly ticksLeftOut: number
}

/** Sends ever new keys and tags through a cache. */
export class Pump {
  readonly #cache: Cache
  readonly #self: number
  readonly #peer: number
  readonly #flow = { keys: 0, reads: 0, errors: 0, ticksLeftOut: 0 }
  #underWay = 0
  #wrong: string | undefined
  #last = 0
  #timer: NodeJS.Timeout | undefined

  /**
   * @param self number of this process
   * @param peer number of the process whose keys are read as well
   */
  constructor(cache: Cache, self: number, peer: number) {
    this.#cache = cache
    this.#self = self
    this.#peer = peer
  }

  /** @param since when all processes begin to count ticks, on the clock that they share */
  start(since: number): void {
    this.#timer = setInterval(() => this.#tick(Math.floor((monotonic() - since) / TICK_MS)), TICK_MS)
  }

  /** Resolves when everything was answered. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await until('everything to be answered', async () => this.#underWay === 0)
    if (this.#wrong !== undefined) throw new Error(this.#wrong)
  }

  get flow(): Flow {
    return this.#flow
  }

  #tick(tick: number): void {
    // Two timers may come to the same tick.
    if (tick <= this.#last || this.#wrong !== undefined) return
    this.#last = tick
    if (this.#underWay > MOST_UNDER_WAY) return void this.#flow.ticksLeftOut++
    for (let i = 0; i < NEW_KEYS; i++) this.#track(this.#readFirst(this.#key(this.#self, tick, i)))
    for (let i = 0; i < WRITES; i++) this.#track(this.#write(`${this.#key(this.#self, tick, i)}:written`))
    for (let i = 0; i < HITS; i++) this.#track(this.#read(this.#key(this.#self, tick - 1, i)))
    if (tick > LATER) this.#revisit(tick - LATER)
  }

  #revisit(tick: number): void {
    const keys = Array.from({ length: INVALIDATED }, (_, index) => this.#key(this.#self, tick, index))
    this.#track(this.#cache.delete(...keys.slice(0, DELETED)))
    this.#track(this.#cache.invalidateTags(...keys.slice(DELETED).map(tagOf)))
    this.#track(this.#replace(this.#key(this.#self, tick, INVALIDATED)))
    for (let i = INVALIDATED + 1; i < NEW_KEYS; i++) this.#track(this.#read(this.#key(this.#peer, tick, i)))
  }

  async #readFirst(key: string): Promise<void> {
    this.#flow.keys++
    let loads = 0
    await this.#read(key, () => loads++)
    if (loads > 1) this.#wrong = `${key} took ${loads} loads`
  }

  async #read(key: string, onLoad?: () => void): Promise<Value> {
    this.#flow.reads++
    const load = (): Value => {
      onLoad?.()
      return { key, at: monotonic() }
    }
    const value = await this.#cache.getOrSet(key, load, { tags: [tagOf(key)] })
    if (value.key !== key) this.#wrong = `answered ${value.key} for ${key}`
    return value
  }

  async #write(key: string): Promise<void> {
    await this.#cache.set(key, { key, at: monotonic() }, { tags: [tagOf(key)] })
  }

  /** What was loaded before an invalidation is not read after it. */
  async #replace(key: string): Promise<void> {
    const at = monotonic()
    await this.#cache.invalidateTags(tagOf(key))
    if ((await this.#read(key)).at < at) this.#wrong = `${key} was read as it was before its invalidation`
  }

  #key(process: number, tick: number, index: number): string {
    return `${process}:${tick}:${index}`
  }

  #track(work: Promise<unknown>): void {
    this.#underWay++
    work.then(
      () => this.#underWay--,
      () => {
        this.#underWay--
        this.#flow.errors++
      },
    )
  }
}

const tagOf = (key: string): string => `tag:${key}`
