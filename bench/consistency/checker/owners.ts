import { Kind, type Line } from '../history/line.ts'

const FIRST = 1

/** Since which version a row has had the owner that it has in a version: as far as invalidations by owner tell. */
export class Owners {
  readonly #changes = new Map<number, Set<number>>()

  constructor(lines: readonly Line[]) {
    for (const { kind, key, detail } of lines) {
      if (kind !== Kind.floor || detail === 0) continue
      const changes = this.#changes.get(key)
      if (changes === undefined) this.#changes.set(key, new Set([detail]))
      else changes.add(detail)
    }
  }

  since(key: number, version: number): number {
    let since = FIRST
    for (const change of this.#changes.get(key) ?? []) if (change <= version && change > since) since = change
    return since
  }
}
