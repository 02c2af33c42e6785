import { enclosingPaths, qualify } from './key.ts'
import type { MemoryView } from './memory/memory-store.ts'
import { Flights } from './single-flight.ts'

/** One namespace of a cache: its names, its part of memory, its flights. */
export class Scope {
  readonly path: string
  /** This path and those that hold it; clearing any of them clears this one. Also asked of the shared tier with every read. */
  readonly paths: readonly string[]
  readonly view: MemoryView | undefined
  readonly flights: Flights = new Flights()
  readonly #beforeTag: string

  constructor(path: string, view: MemoryView | undefined, tagsPrefix: string) {
    this.path = path
    this.paths = enclosingPaths(path)
    this.view = view
    this.#beforeTag = qualify(path, tagsPrefix)
  }

  qualify(key: string): string {
    return qualify(this.path, key)
  }

  qualifyTag(tag: string): string {
    return this.#beforeTag + tag
  }
}
