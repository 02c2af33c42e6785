/**
 * Names of everything that is stored. What stands between the first braces decides the slot in a Cluster, so an
 * entry and its lease share one; clock, log and tail share another. A `}` within a key is escaped, or the slot
 * would end there; `%` is, so that nothing else is written alike; and a key of no characters is written `%`,
 * because empty braces mean nothing to a Cluster.
 */
export class Keys {
  readonly clock: string
  readonly log: string
  readonly tail: string
  /** Where in its bytes, counted from 1, the name of an entry differs from the name of its lease. */
  readonly letter: string
  readonly #entry: string
  readonly #lease: string
  readonly #tag: string
  readonly #journal: string

  /** @param prefix without braces; the version of all that is stored follows it */
  constructor(prefix: string) {
    const root = `${prefix}:1`
    this.log = `${root}:{log}`
    this.clock = `${this.log}:clock`
    this.tail = `${this.log}:tail`
    this.letter = String(Buffer.byteLength(root) + 2)
    this.#entry = `${root}:e:{`
    this.#lease = `${root}:l:{`
    this.#tag = `${root}:t:{`
    this.#journal = `${root}:j:{`
  }

  entry(key: string): string {
    return `${this.#entry}${escaped(key)}}`
  }

  lease(key: string): string {
    return `${this.#lease}${escaped(key)}}`
  }

  /** The stream of a collection; what belongs to it shares its slot. */
  journal(collection: string): string {
    return `${this.#journal}${escaped(collection)}}`
  }

  tag(tag: string): string {
    return `${this.#tag}${escaped(tag)}}`
  }
}

function escaped(text: string): string {
  if (text.includes('%')) text = text.replaceAll('%', '%25')
  if (text.includes('}')) text = text.replaceAll('}', '%7D')
  return text === '' ? '%' : text
}
