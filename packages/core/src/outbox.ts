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

interface Waiting {
  /** When its invalidation was asked for, among all that wait. */
  readonly order: number
  soft: boolean
}

/** In the order of their invalidations. */
type Names = Map<string, Waiting>

/**
 * Invalidations that the shared tier has not confirmed, coalesced per key and tag; a hard one absorbs a soft one.
 * Until they are confirmed this process treats their keys and tags as invalid. They leave in the order in which they
 * were asked for, hard ones first, and keep their place when a round fails.
 *
 * Bounded: past the limit the whole collapses into the one tag that stands for everything, which costs loads and
 * loses nothing.
 */
export class Outbox {
  readonly #limit: number
  readonly #everything: string
  readonly #keys: Names = new Map()
  readonly #tags: Names = new Map()
  #asked = 0
  /** Names that are under way, without those whose invalidation was asked for again meanwhile. */
  #sent: { readonly keys: Set<string>; readonly tags: Set<string> } | undefined

  constructor(limit: number, everything: string) {
    this.#limit = limit
    this.#everything = everything
  }

  /** Whether nothing waits and nothing is under way. */
  get empty(): boolean {
    return this.#sent === undefined && this.size === 0
  }

  get size(): number {
    return this.keys + this.tags
  }

  /** How many keys wait or are under way. */
  get keys(): number {
    return this.#keys.size
  }

  get tags(): number {
    return this.#tags.size
  }

  add(keys: Iterable<string>, tags: Iterable<string>, soft: boolean): void {
    for (const key of keys) this.#ask(this.#keys, key, soft, this.#sent?.keys)
    for (const tag of tags) this.#ask(this.#tags, tag, soft, this.#sent?.tags)
    if (this.size <= this.#limit) return
    this.#keys.clear()
    this.#tags.clear()
    this.#ask(this.#tags, this.#everything, false, this.#sent?.tags)
  }

  holdsKey(key: string): boolean {
    return this.#keys.has(key)
  }

  holdsTag(tag: string): boolean {
    return this.#tags.has(tag)
  }

  /**
   * The next round to send, hard invalidations first. End it with `confirm` or `putBack` before the next.
   *
   * @param most the most names of the round
   */
  take(most: number = MOST_OF_A_ROUND): Round | undefined {
    return this.#takeKind(false, most) ?? this.#takeKind(true, most)
  }

  confirm(): void {
    for (const key of this.#sent?.keys ?? []) this.#keys.delete(key)
    for (const tag of this.#sent?.tags ?? []) this.#tags.delete(tag)
    this.#sent = undefined
  }

  putBack(): void {
    this.#sent = undefined
  }

  #ask(names: Names, name: string, soft: boolean, sent: Set<string> | undefined): void {
    const waiting = names.get(name)
    if (waiting) waiting.soft &&= soft
    // What is under way may have been applied before this was asked for.
    const isAgain = sent?.delete(name) ?? false
    if (isAgain) names.delete(name)
    if (isAgain || !waiting) names.set(name, { order: this.#asked++, soft: waiting?.soft ?? soft })
  }

  #takeKind(soft: boolean, most: number): Round | undefined {
    const keys: string[] = []
    const tags: string[] = []
    const nextKey = waitingIn(this.#keys, soft)
    const nextTag = waitingIn(this.#tags, soft)
    let key = nextKey.next().value
    let tag = nextTag.next().value
    while ((key || tag) && keys.length + tags.length < most) {
      if (key && (!tag || key[1] < tag[1])) {
        keys.push(key[0])
        key = nextKey.next().value
      } else if (tag) {
        tags.push(tag[0])
        tag = nextTag.next().value
      }
    }
    if (keys.length === 0 && tags.length === 0) return undefined
    this.#sent = { keys: new Set(keys), tags: new Set(tags) }
    return { keys, tags, soft, isLast: !key && !tag }
  }
}

/** Names of one kind, with their orders. */
function* waitingIn(names: Names, soft: boolean): Generator<readonly [name: string, order: number], undefined> {
  for (const [name, waiting] of names) if (waiting.soft === soft) yield [name, waiting.order]
}
