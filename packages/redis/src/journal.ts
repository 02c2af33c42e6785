import type { SharedJournal } from '@stratacache/core'
import { uniqueId } from '@stratacache/core/shared'
import { toBuffer } from './arguments.ts'
import { JOURNAL_ADOPT, JOURNAL_APPEND, JOURNAL_DONE, JOURNAL_OWN } from './scripts/journal.ts'
import type { Session } from './session.ts'

/** Entries of one answer; what is left is adopted the next time. */
const MOST = '1000'

/** What is known of one collection's entries here. */
class Holding {
  readonly ids = new Set<string>()
  /** Appends that began, and those of them that have not ended. */
  begun = 0
  open = 0
  /** One failed: its entry may stand nevertheless. */
  isDoubtful = false
}

/** Changes in a stream of each collection. Nothing in it has an end: a server that evicts keys without one loses them. */
export class RedisJournal implements SharedJournal {
  readonly adoptEveryMs: number
  readonly #session: Session
  readonly #life: string
  readonly #process = uniqueId()
  readonly #holdings = new Map<string, Holding>()

  /** @param leaseTtl ms without a sign of life after which others look after the entries of a process */
  constructor(session: Session, leaseTtl: number) {
    this.adoptEveryMs = leaseTtl / 3
    this.#session = session
    this.#life = String(Math.ceil(leaseTtl))
  }

  async append(collection: string, keyText: string, entry: Uint8Array): Promise<string> {
    const keys = await this.#keys(collection)
    const holding = this.#holding(collection)
    holding.begun++
    holding.open++
    try {
      const args = [this.#session.deadline(), this.#process, this.#life, keyText, toBuffer(entry)]
      const id = String(await this.#session.runAcknowledged('append', JOURNAL_APPEND, keys.all, args))
      holding.ids.add(id)
      return id
    } catch (error) {
      holding.isDoubtful = true
      throw error
    } finally {
      holding.open--
    }
  }

  async done(collection: string, ids: readonly string[]): Promise<void> {
    const keys = await this.#keys(collection)
    await this.#session.run('done', JOURNAL_DONE, keys.all, [this.#life, ...ids])
    for (const id of ids) this.#holding(collection).ids.delete(id)
  }

  async adopt(collection: string): Promise<readonly { id: string; entry: Uint8Array }[]> {
    const keys = await this.#keys(collection)
    const holding = this.#holding(collection)
    if (holding.isDoubtful && holding.open === 0) await this.#disown(collection, keys.all, holding)
    const reply = (await this.#session.run('adopt', JOURNAL_ADOPT, keys.all, [this.#process, this.#life, keys.signs, MOST])) as Buffer[]
    const adopted = Array.from({ length: reply.length / 2 }, (_, index) => ({ id: reply[2 * index]!.toString(), entry: reply[2 * index + 1]! }))
    for (const { id } of adopted) holding.ids.add(id)
    return adopted
  }

  /** Entries whose append was answered with an error, or not at all: they were not accepted. */
  async #disown(collection: string, keys: readonly string[], holding: Holding): Promise<void> {
    const { begun } = holding
    const own = (await this.#session.run('own', JOURNAL_OWN, keys, [this.#process])) as Buffer[]
    // What was appended meanwhile is not known here yet.
    if (holding.begun !== begun) return
    const unknown = own.map(String).filter((id) => !holding.ids.has(id))
    if (unknown.length > 0) await this.done(collection, unknown)
    holding.isDoubtful = false
  }

  #holding(collection: string): Holding {
    let holding = this.#holdings.get(collection)
    if (holding === undefined) {
      holding = new Holding()
      this.#holdings.set(collection, holding)
    }
    return holding
  }

  async #keys(collection: string): Promise<{ all: readonly string[]; signs: string }> {
    const stream = (await this.#session.enter()).journal(collection)
    const signs = `${stream}:alive:`
    return { all: [stream, `${stream}:newest`, signs + this.#process], signs }
  }
}
