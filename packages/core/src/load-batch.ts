import { Batcher } from './batcher.ts'
import type { LoadContext, Loaded } from './loader.ts'
import type { MaybePromise } from './store.ts'

/** What a loader of several values is told. */
export interface ManyContext {
  /** Aborted when nobody waits for any of the values any more. */
  readonly signal: AbortSignal
}

/**
 * Reads several values from their source: in the order of the keys, or as a Map. `undefined`, or no entry in the Map: the
 * source has nothing. An `Error` in a value's place fails that key alone.
 */
export type ManyLoader<K, V> = (
  missing: readonly K[],
  context: ManyContext,
) => MaybePromise<readonly (V | Loaded<V> | Error | undefined)[] | ReadonlyMap<K, V | Loaded<V> | Error>>

/** What is loaded under one key. */
export type OneLoaded<V> = V | Loaded<V> | undefined

interface Wanted<K, V> {
  readonly key: K
  readonly context: LoadContext<V | undefined>
}

/** What a batch needs to know. */
export interface LoadBatchOptions<K, V> {
  readonly loadMany: ManyLoader<K, V>
  /** For a key that is wanted alone. Default: `loadMany`. */
  readonly load?: ((key: K, context: LoadContext<V | undefined>) => MaybePromise<OneLoaded<V>>) | undefined
  /** Names keys, which may be equal without being the same object. */
  readonly keyText: (key: K) => string
  /** Keys of one call. */
  readonly limit: number
}

/** Hands the keys that come to be loaded in one turn to one call of a loader. */
export class LoadBatch<K, V> {
  readonly #options: LoadBatchOptions<K, V>
  readonly #batcher: Batcher<Wanted<K, V>, OneLoaded<V> | Error>

  constructor(options: LoadBatchOptions<K, V>) {
    this.#options = options
    this.#batcher = new Batcher(options.limit, (wanted) => this.#load(wanted))
  }

  /** Rejects with what the loader throws, or with the Error it gave for this key. */
  async load(key: K, context: LoadContext<V | undefined>): Promise<OneLoaded<V>> {
    const answer = await this.#batcher.add({ key, context })
    if (answer instanceof Error) throw answer
    return answer
  }

  async #load(wanted: readonly Wanted<K, V>[]): Promise<readonly (OneLoaded<V> | Error)[]> {
    const { load, loadMany } = this.#options
    const [first] = wanted
    if (load !== undefined && wanted.length === 1) return [await load(first!.key, first!.context)]
    const keys = wanted.map(({ key }) => key)
    return this.#inOrder(keys, await loadMany(keys, new BatchContext(wanted.map(({ context }) => context))))
  }

  #inOrder(keys: readonly K[], values: Awaited<ReturnType<ManyLoader<K, V>>>): readonly (OneLoaded<V> | Error)[] {
    if (Array.isArray(values) && values.length === keys.length) return values as readonly (OneLoaded<V> | Error)[]
    if (!(values instanceof Map)) throw new TypeError(`loadMany must answer with an array of ${keys.length} values or a Map`)
    // By text as well: an array is a key by its parts, not by its identity.
    const byText = new Map([...(values as ReadonlyMap<K, OneLoaded<V> | Error>)].map(([key, value]) => [this.#options.keyText(key), value]))
    return keys.map((key) => byText.get(this.#options.keyText(key)))
  }
}

/** The signal of a batch: aborted when all of its loads are. Only built when it is looked at. */
class BatchContext implements ManyContext {
  readonly #wanted: readonly Pick<LoadContext<unknown>, 'signal'>[]
  #controller: AbortController | undefined

  constructor(wanted: readonly Pick<LoadContext<unknown>, 'signal'>[]) {
    this.#wanted = wanted
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      this.#controller = controller
      let left = this.#wanted.length
      for (const { signal } of this.#wanted) {
        const gone = (): void => {
          if (--left === 0) controller.abort(signal.reason)
        }
        if (signal.aborted) gone()
        else signal.addEventListener('abort', gone, { once: true })
      }
    }
    return this.#controller.signal
  }
}
