/** What one round of the outbox carries. */
export interface Round {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly soft: boolean
  /** Whether nothing of its kind is left for a later round. */
  readonly isLast: boolean
}

/** Names of one round: as many as a shared tier invalidates well within its deadline. */
const MOST_OF_A_ROUND = 50_000

/** Name to whether its invalidation is soft. */
type Names = Map<string, boolean>

/**
 * Invalidations that the shared tier has not confirmed, coalesced per key and tag; a hard one absorbs a soft one.
 * Until they are confirmed this process treats their keys and tags as invalid.
 *
 * Bounded: past the limit the whole collapses into the one tag that stands for everything, which costs loads and
 * loses nothing.
 */
export class Outbox {
  readonly #limit: number
  readonly #everything: string
  readonly #keys: Names = new Map()
  readonly #tags: Names = new Map()
  #sent: { readonly keys: ReadonlySet<string>; readonly tags: ReadonlySet<string>; readonly soft: boolean } | undefined

  constructor(limit: number, everything: string) {
    this.#limit = limit
    this.#everything = everything
  }

  /** Whether nothing waits and nothing is under way. */
  get empty(): boolean {
    return this.#sent === undefined && this.#keys.size === 0 && this.#tags.size === 0
  }

  get size(): number {
    return this.keys + this.tags
  }

  /** How many keys wait or are under way. */
  get keys(): number {
    return this.#keys.size + (this.#sent?.keys.size ?? 0)
  }

  get tags(): number {
    return this.#tags.size + (this.#sent?.tags.size ?? 0)
  }

  add(keys: Iterable<string>, tags: Iterable<string>, soft: boolean): void {
    for (const key of keys) this.#keys.set(key, soft && (this.#keys.get(key) ?? true))
    for (const tag of tags) this.#tags.set(tag, soft && (this.#tags.get(tag) ?? true))
    if (this.#keys.size + this.#tags.size <= this.#limit) return
    this.#keys.clear()
    this.#tags.clear()
    this.#tags.set(this.#everything, false)
  }

  holdsKey(key: string): boolean {
    return this.#keys.has(key) || (this.#sent?.keys.has(key) ?? false)
  }

  holdsTag(tag: string): boolean {
    return this.#tags.has(tag) || (this.#sent?.tags.has(tag) ?? false)
  }

  /**
   * The next round to send, hard invalidations first. End it with `confirm` or `putBack` before the next.
   *
   * @param most the most names of the round
   */
  take(most: number = MOST_OF_A_ROUND): Round | undefined {
    for (const soft of [false, true]) {
      const keys = takeKind(this.#keys, soft, most)
      const tags = takeKind(this.#tags, soft, most - keys.length)
      if (keys.length === 0 && tags.length === 0) continue
      this.#sent = { keys: new Set(keys), tags: new Set(tags), soft }
      return { keys, tags, soft, isLast: keys.length + tags.length < most }
    }
    return undefined
  }

  confirm(): void {
    this.#sent = undefined
  }

  putBack(): void {
    const sent = this.#sent
    this.#sent = undefined
    if (sent) this.add(sent.keys, sent.tags, sent.soft)
  }
}

function takeKind(names: Names, soft: boolean, most: number): string[] {
  const taken: string[] = []
  for (const [name, isSoft] of names) {
    if (taken.length === most) break
    if (isSoft !== soft) continue
    taken.push(name)
    names.delete(name)
  }
  return taken
}
