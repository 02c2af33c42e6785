import { setTimeout as delay } from 'node:timers/promises'
import { monotonic } from '../history/clock.ts'
import type { HistoryWriter } from '../history/history-file.ts'
import { ERROR, Kind, Loading } from '../history/line.ts'
import { between } from 'test-support'
import type { Found } from '../subjects/subject.ts'
import { ownerTags } from '../world/rows.ts'
import type { World } from '../world/world.ts'

/** What the loader throws on purpose. */
export class InjectedError extends Error {}

const FAILURES = 0.02

/** Reads rows from the source, taking its time before and after. */
export class SourceLoader {
  readonly #world: World
  readonly #history: HistoryWriter
  readonly #instance: number
  readonly #random: () => number
  readonly #quick: number

  constructor(world: World, history: HistoryWriter, instance: number, random: () => number, quick: number) {
    this.#world = world
    this.#history = history
    this.#instance = instance
    this.#random = random
    this.#quick = quick
  }

  async load(keys: readonly number[], isRefresh: boolean): Promise<Found[]> {
    const since = monotonic()
    const isFailing = this.#random() < FAILURES
    try {
      await this.#pause()
      const rows = await this.#world.read(keys)
      await this.#pause()
      if (isFailing) throw new InjectedError()
      for (const { key, version } of rows) this.#record(key, version, since, isRefresh ? Loading.refreshed : Loading.ok)
      return keys.map((key) => {
        const item = rows.find((row) => row.key === key)!
        return { copy: { ...item, since, by: 'load' }, tags: ownerTags(item) }
      })
    } catch (error) {
      for (const key of keys) this.#record(key, ERROR, since, Loading.failed)
      throw error
    }
  }

  #record(key: number, version: number, begin: number, flag: number): void {
    this.#history.add({ kind: Kind.load, instance: this.#instance, key, flag, version, begin, end: monotonic(), detail: 0 })
  }

  /** Mostly none, often short, at times long, and now and then longer than memory may be unsynced. */
  async #pause(): Promise<void> {
    if (this.#random() < this.#quick) return
    const luck = this.#random()
    const ms = luck < 0.8 ? between(this.#random, 1, 20) : luck < 0.995 ? between(this.#random, 20, 200) : between(this.#random, 500, 2_000)
    await delay(ms)
  }
}
