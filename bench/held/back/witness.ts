import type { Cache } from '@stratacache/core'
import { type Name, nameText, parseName } from './names.ts'

/** Remembers the invalidations of other processes, record by record, in the order of the log. */
export class Witness {
  records: Name[][] = []
  #seen = new Set<string>()

  constructor(cache: Cache) {
    cache.on('invalidate', ({ keys, tags, origin }) => {
      if (origin === 'remote') this.#see([...keys, ...tags])
    })
  }

  forget(): void {
    this.records = []
    this.#seen = new Set()
  }

  /** Whether all of these were invalidated that are not `own`. */
  hasSeen(names: readonly Name[], own: number): boolean {
    return names.every((name) => name.process === own || this.#seen.has(nameText(name)))
  }

  #see(texts: readonly string[]): void {
    const names = texts.map(parseName).filter((name) => name !== undefined)
    this.records.push(names)
    for (const name of names) this.#seen.add(nameText(name))
  }
}
