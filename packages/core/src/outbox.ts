/** What one round of the outbox carries. */
export interface Round {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly soft: boolean
  /** The longest that one of them asks fills to be refused (`replicaLag`). */
  readonly lagMs: number
  /** Whether nothing of its kind is left for a later round. */
  readonly isLast: boolean
}

/** Names of one round: as many as a shared tier invalidates well within its deadline. */
const MOST_OF_A_ROUND = 50_000

interface Waiting {
  /** When its invalidation was asked for, among all that wait. */
  readonly order: number
  soft: boolean
  lagMs: number
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

  add(keys: Iterable<string>, tags: Iterable<string>, soft: boolean, lagMs: number): void {
    for (const key of keys) this.#ask(this.#keys, key, soft, lagMs, this.#sent?.keys)
    for (const tag of tags) this.#ask(this.#tags, tag, soft, lagMs, this.#sent?.tags)
    if (this.size <= this.#limit) return
    let longest = 0
    for (const waiting of [...this.#keys.values(), ...this.#tags.values()]) longest = Math.max(longest, waiting.lagMs)
    this.#keys.clear()
    this.#tags.clear()
    this.#ask(this.#tags, this.#everything, false, longest, this.#sent?.tags)
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

  #ask(names: Names, name: string, soft: boolean, lagMs: number, sent: Set<string> | undefined): void {
    const waiting = names.get(name)
    if (waiting) {
      waiting.soft &&= soft
      waiting.lagMs = Math.max(waiting.lagMs, lagMs)
    }
    // What is under way may have been applied before this was asked for.
    const isAgain = sent?.delete(name) ?? false
    if (isAgain) names.delete(name)
    if (isAgain || !waiting) names.set(name, { order: this.#asked++, soft: waiting?.soft ?? soft, lagMs: waiting?.lagMs ?? lagMs })
  }

  #takeKind(soft: boolean, most: number): Round | undefined {
    const keys: string[] = []
    const tags: string[] = []
    const nextKey = waitingIn(this.#keys, soft)
    const nextTag = waitingIn(this.#tags, soft)
    let key = nextKey.next().value
    let tag = nextTag.next().value
    let lagMs = 0
    while ((key || tag) && keys.length + tags.length < most) {
      if (key && (!tag || key[1].order < tag[1].order)) {
        keys.push(key[0])
        lagMs = Math.max(lagMs, key[1].lagMs)
        key = nextKey.next().value
      } else if (tag) {
        tags.push(tag[0])
        lagMs = Math.max(lagMs, tag[1].lagMs)
        tag = nextTag.next().value
      }
    }
    if (keys.length === 0 && tags.length === 0) return undefined
    this.#sent = { keys: new Set(keys), tags: new Set(tags) }
    return { keys, tags, soft, lagMs, isLast: !key && !tag }
  }
}

/** Names of one kind. */
function* waitingIn(names: Names, soft: boolean): Generator<readonly [name: string, waiting: Waiting], undefined> {
  for (const named of names) if (named[1].soft === soft) yield named
}
