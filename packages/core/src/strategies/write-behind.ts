import type { Change } from '../change.ts'
import type { Journal } from '../journal.ts'
import type { WriteContext, WriteStrategy } from '../write-strategy.ts'
import { exitWatch } from './write-behind/exit-watch.ts'
import { Flusher } from './write-behind/flusher.ts'
import { LateJournal } from './write-behind/late-journal.ts'
import { isJournal, type ResolvedWriteBehind, resolveWriteBehind, type WriteBehindOptions } from './write-behind/options.ts'

/** More than `drain`: what is left then is told of before the cache goes on closing. */
const CLOSE_MARGIN_MS = 500

/**
 * A change is accepted when it is in the queue, in the journal if there is one, and in the cache; the source gets it a little
 * later, together with others. Of several changes of a key it gets the last one. Reads through the collection are answered
 * from the queue first.
 *
 * What fails is tried again, after ever longer pauses and in ever smaller batches, so that one bad change does not hold up
 * the rest; `deadLetter` takes what fails for good. A queue that is full lets changes wait, it drops none. The source gets a
 * change at least once: writers should be such that once more does no harm.
 *
 * Without a journal, what was accepted and not written is lost with the process: `close()`, `SIGTERM` and the end of the
 * program empty the queue, `kill -9` does not. Between processes the order of changes is that in which they reach the source.
 *
 * Use it where the same keys change often and the source is slow: counters, positions, scores.
 *
 * @throws ConfigError with all broken rules.
 * @example
 * ```ts
 * const scores = cache.collection('scores', {
 *   load: (id: number) => db.users.find(id),
 *   writeMany: (changes) => db.users.saveMany(changes),
 *   writeStrategy: writeBehind({ delay: '200ms', deadLetter: ({ change, error }) => console.error(change.key, error) }),
 * })
 * await scores.set(42, { points: 10 })
 * await scores.set(42, { points: 11 })
 * await scores.flush()
 * ```
 */
export function writeBehind(options: WriteBehindOptions = {}): WriteStrategy {
  return new WriteBehind(resolveWriteBehind(options))
}

class WriteBehind implements WriteStrategy {
  readonly name = 'writeBehind'
  readonly closeTimeoutMs: number
  readonly journalTier: string | undefined
  readonly #options: ResolvedWriteBehind
  readonly #flushers = new Map<unknown, Flusher<unknown, unknown>>()
  readonly #forget = new Map<unknown, () => void>()
  #file: Journal | undefined

  constructor(options: ResolvedWriteBehind) {
    this.#options = options
    this.closeTimeoutMs = options.drain + CLOSE_MARGIN_MS
    this.journalTier = typeof options.journal === 'string' ? options.journal : undefined
  }

  attach<K, V>(context: WriteContext<K, V>): void {
    const flusher = new Flusher(context, this.#options, this.#journalFor(context))
    this.#flushers.set(context, flusher as unknown as Flusher<unknown, unknown>)
    this.#forget.set(context, exitWatch.add(() => flusher.drain(), this.#options.signals))
  }

  write<K, V>(change: Change<K, V>, context: WriteContext<K, V>): Promise<void> {
    return (this.#flushers.get(context) as unknown as Flusher<K, V>).accept(change)
  }

  pending<K, V>(key: K, context: WriteContext<K, V>): Change<K, V> | undefined {
    return this.#flushers.get(context)?.pending(key) as Change<K, V> | undefined
  }

  /** One that is closed has nothing left. */
  async flush<K, V>(context: WriteContext<K, V>): Promise<void> {
    await this.#flushers.get(context)?.flush()
  }

  async close<K, V>(context: WriteContext<K, V>): Promise<void> {
    await this.#flushers.get(context)?.close()
    this.#forget.get(context)?.()
    this.#forget.delete(context)
    this.#flushers.delete(context)
    if (this.#flushers.size > 0) return
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  #journalFor<K, V>(context: WriteContext<K, V>): Journal | undefined {
    const { journal } = this.#options
    if (journal === undefined || isJournal(journal)) return journal
    if (typeof journal === 'string') return context.journal(journal)
    return (this.#file ??= new LateJournal(async () => {
      const { FileJournal } = await import('./write-behind/file-journal.ts')
      return FileJournal.open(journal.path, journal.fsync, context.clock)
    }))
  }
}
