import { type Change, type Collection, type CollectionOptions, createCache, memory, writeBehind, type WriteBehindOptions } from '@stratacache/core'
import { manualClock } from '@stratacache/core/testing'
import { vi } from 'vitest'

export type Changes = readonly Change<string, number>[]

/** A source that takes batches, counts them, and fails as told. */
export class Source {
  readonly rows = new Map<string, number>()
  readonly batches: string[][] = []
  /** Keys it refuses. */
  readonly poison = new Set<string>()
  isDown = false

  readonly writeMany = async (changes: Changes): Promise<void> => {
    this.batches.push(changes.map((change) => (change.type === 'set' ? `${change.key}=${change.value}` : `-${change.key}`)))
    if (this.isDown) throw new Error('down')
    const bad = changes.find(({ key }) => this.poison.has(key))
    if (bad !== undefined) throw new RangeError(`cannot take ${bad.key}`)
    for (const change of changes) {
      if (change.type === 'set') this.rows.set(change.key, change.value)
      else this.rows.delete(change.key)
    }
  }
}

/** A cache on a clock that stands still, with one collection that writes behind. */
export function world(options: WriteBehindOptions = {}, more: Partial<CollectionOptions<string, number>> = {}, random = (): number => 1) {
  const clock = manualClock()
  const source = new Source()
  const cache = createCache({ tiers: [memory({ maxEntries: 100 })], clock, random })
  const load = vi.fn((key: string) => source.rows.get(key))
  const scores: Collection<string, number> = cache.collection('scores', {
    load,
    writeMany: source.writeMany,
    writeStrategy: writeBehind(options),
    ...more,
  } as CollectionOptions<string, number>)
  const close = async (): Promise<void> => {
    const closing = cache.close()
    await clock.advance(10_000)
    await closing
  }
  return { clock, source, cache, scores, load, close, [Symbol.asyncDispose]: close }
}
