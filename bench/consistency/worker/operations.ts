import { setTimeout as delay } from 'node:timers/promises'
import { monotonic } from '../history/clock.ts'
import type { HistoryWriter } from '../history/history-file.ts'
import { BY_SET, CORRUPT, ERROR, EVERYTHING, groupAsKey, Kind, NOTHING, Reading, Status } from '../history/line.ts'
import { between } from 'test-support'
import type { Found, Library, Outcome, Subject } from '../subjects/subject.ts'
import { type Copy, type Item, GROUPS, groupTag, INVALIDATED_KEYS, isItem, isSetKey, KEYS, knownTags, OWNERS, ownerTag, ownerTags } from '../world/rows.ts'
import type { World, Written } from '../world/world.ts'
import { InjectedError, type SourceLoader } from './loader.ts'

const MANY = 5
/** Of the writes to keys that are invalidated. */
const THROUGH = 0.4
/** Some of which are invalidated, some set. */
const HOT_KEYS = 16

/** What callers do with one cache, each operation recorded. */
export class Operations {
  readonly #subject: Subject
  readonly #library: Library
  readonly #world: World
  readonly #source: SourceLoader
  readonly #history: HistoryWriter
  readonly #instance: number
  readonly #random: () => number
  readonly #hot: number

  constructor(subject: Subject, library: Library, world: World, source: SourceLoader, history: HistoryWriter, instance: number, random: () => number, hot: number) {
    this.#subject = subject
    this.#library = library
    this.#world = world
    this.#source = source
    this.#history = history
    this.#instance = instance
    this.#random = random
    this.#hot = hot
  }

  async getOrSet(refresh: boolean): Promise<void> {
    const key = this.#pick()
    const load = async () => (await this.#source.load([key], refresh))[0]!
    await this.#read(refresh ? Reading.refresh : Reading.getOrSet, key, () => this.#subject.getOrSet(String(key), knownTags(key), load, refresh))
  }

  async get(): Promise<void> {
    const key = this.#pick()
    await this.#read(Reading.get, key, () => this.#subject.get(String(key)))
  }

  getSync(): void {
    if (this.#subject.getSync === undefined) return
    const key = this.#pick()
    const begin = monotonic()
    const copy = this.#subject.getSync(String(key))
    this.#record(Reading.getSync, key, begin, monotonic(), copy)
  }

  async getOrSetMany(): Promise<void> {
    if (this.#subject.getOrSetMany === undefined) return this.getOrSet(false)
    const keys = [...new Set(Array.from({ length: MANY }, () => this.#pick()))]
    const load = async (missing: readonly string[]): Promise<Copy[]> => (await this.#source.load(missing.map(Number), false)).map(({ copy }) => copy)
    const begin = monotonic()
    try {
      const copies = await this.#subject.getOrSetMany(keys.map(String), load)
      const end = monotonic()
      for (const [index, key] of keys.entries()) this.#record(Reading.getOrSetMany, key, begin, end, copies[index])
    } catch (error) {
      if (!isInjected(error)) this.#fail(Reading.getOrSetMany, keys[0]!, begin)
    }
  }

  async expire(): Promise<void> {
    const key = this.#pick()
    const begin = monotonic()
    await this.#subject.expire?.(String(key))
    this.#history.add({ kind: Kind.expiry, instance: this.#instance, key, flag: Status.applied, version: NOTHING, begin, end: monotonic(), detail: 0 })
  }

  /** A write to the source, and what a careful writer does after it. */
  async write(): Promise<void> {
    const key = this.#pick()
    if (isSetKey(key)) return this.#writeAndSet(key)
    if (this.#subject.writeThrough !== undefined && this.#random() < THROUGH) return this.#writeThrough(key)
    const item = await this.#change(key)
    await this.#invalidate([item], key, () => this.#subject.invalidate({ keys: [String(key)], tags: [] }))
  }

  #change(key: number): Promise<Item & Written> {
    return this.#random() < 0.2 ? this.#world.handOver(key, between(this.#random, 0, OWNERS - 1)) : this.#world.write(key)
  }

  /** At times the answer of the source takes a while, and others come before it. */
  async #writeThrough(key: number): Promise<void> {
    let written: Written | undefined
    let begin = 0
    const write = async (): Promise<Found> => {
      const since = monotonic()
      const item = await this.#change(key)
      written = item
      begin = monotonic()
      if (this.#random() < 0.4) await delay(between(this.#random, 1, 40))
      return { copy: { ...item, since, by: 'load' }, tags: [...knownTags(key), ...ownerTags(item)] }
    }
    const flag = await this.#outcome(() => this.#subject.writeThrough!(String(key), write))
    if (written === undefined) return
    this.#history.add({ kind: Kind.floor, instance: this.#instance, key, flag, version: written.version, begin, end: monotonic(), detail: 0 })
  }

  async writeGroup(): Promise<void> {
    const group = between(this.#random, 0, GROUPS - 1)
    const written = await this.#world.writeGroup(group)
    await this.#invalidateTag(written, groupAsKey(group), groupTag(group))
  }

  async writeOwner(): Promise<void> {
    const owner = between(this.#random, 0, OWNERS - 1)
    const written = await this.#world.writeOwner(owner)
    // Copies of before a row came to its owner do not carry the tag; its handing over invalidated them by key.
    await this.#invalidateTag(written, undefined, ownerTag(owner), true)
  }

  async clear(): Promise<void> {
    const written = await this.#world.writeSome(between(this.#random, 0, 15))
    await this.#invalidate(written, EVERYTHING, () => this.#subject.clear())
  }

  /** At times a `set` comes late, after that of a newer version. */
  async #writeAndSet(key: number): Promise<void> {
    const since = monotonic()
    const item = await this.#world.write(key)
    if (this.#random() < 0.2) await delay(between(this.#random, 1, 30))
    const begin = monotonic()
    const flag = await this.#outcome(() => this.#subject.set(String(key), { ...item, since, by: 'set' }))
    this.#history.add({ kind: Kind.set, instance: this.#instance, key, flag, version: item.version, begin, end: monotonic(), detail: since })
  }

  #invalidateTag(written: readonly Written[], recordedAs: number | undefined, tag: string, isOwner = false): Promise<void> {
    const target = this.#library.tags ? { keys: [], tags: [tag] } : { keys: written.map(({ key }) => String(key)), tags: [] }
    return this.#invalidate(written, this.#library.tags ? recordedAs : undefined, () => this.#subject.invalidate(target), isOwner && this.#library.tags)
  }

  async #invalidate(written: readonly Written[], recordedAs: number | undefined, call: () => Promise<Outcome>, isOwner = false): Promise<void> {
    const begin = monotonic()
    const flag = await this.#outcome(call)
    const end = monotonic()
    const line = { instance: this.#instance, flag, begin, end }
    for (const { key, version, owned } of written) this.#history.add({ ...line, kind: Kind.floor, key, version, detail: isOwner ? owned : 0 })
    if (recordedAs !== undefined) this.#history.add({ ...line, detail: 0, kind: Kind.invalidation, key: recordedAs, version: NOTHING })
  }

  async #outcome(call: () => Promise<Outcome>): Promise<number> {
    try {
      return Status[await call()]
    } catch {
      return Status.failed
    }
  }

  async #read(reading: number, key: number, call: () => Promise<Copy | undefined>): Promise<void> {
    const begin = monotonic()
    try {
      const copy = await call()
      this.#record(reading, key, begin, monotonic(), copy)
    } catch (error) {
      if (!isInjected(error)) this.#fail(reading, key, begin)
    }
  }

  #record(reading: number, key: number, begin: number, end: number, copy: Copy | undefined): void {
    const version = copy === undefined ? NOTHING : isItem(copy) && copy.key === key ? copy.version : CORRUPT
    const flag = copy?.by === 'set' ? reading + BY_SET : reading
    this.#history.add({ kind: Kind.read, instance: this.#instance, key, flag, version, begin, end, detail: copy?.since ?? 0 })
  }

  #fail(reading: number, key: number, begin: number): void {
    this.#history.add({ kind: Kind.read, instance: this.#instance, key, flag: reading, version: ERROR, begin, end: monotonic(), detail: 0 })
  }

  #pick(): number {
    return this.#random() < this.#hot ? between(this.#random, INVALIDATED_KEYS - HOT_KEYS / 2, INVALIDATED_KEYS + HOT_KEYS / 2 - 1) : between(this.#random, 0, KEYS - 1)
  }
}

/** Libraries may wrap what a loader throws. */
function isInjected(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof InjectedError) return true
  return false
}
