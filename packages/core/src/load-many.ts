import { Batcher } from './batcher.ts'
import type { Key } from './key.ts'
import { keyText } from './key.ts'
import { entry, type EntryOptions, type Loaded, type LoadContext, type Loader, type LoadOptions } from './loader.ts'
import type { MaybePromise } from './store.ts'

/** Reads several values from their source: in the order of the keys, or as a Map. */
export type ManyLoader<K extends Key, V> = (
  missing: readonly K[],
  context: { readonly signal: AbortSignal },
) => MaybePromise<readonly (V | undefined)[] | ReadonlyMap<K, V>>

/** Options for all entries, or computed for each. */
export type ManyOptions<K extends Key, V> = LoadOptions | ((key: K, value: V) => EntryOptions)

type GetOrSet<V> = (key: Key, loader: Loader<V | undefined>, options: LoadOptions | undefined) => Promise<V | undefined>

interface Wanted<K> {
  readonly key: K
  readonly context: LoadContext<unknown>
}

/**
 * Reads each key as a single read does, with its flight and its lease, and hands those that come to load in the
 * same turn to one call of the loader. A key that another process is loading is waited for, not asked again.
 */
export function loadMany<K extends Key, V>(
  keys: readonly K[],
  loader: ManyLoader<K, V>,
  options: ManyOptions<K, V> | undefined,
  getOrSet: GetOrSet<V>,
): Promise<(V | undefined)[]> {
  const batch = new Batcher<Wanted<K>, V | undefined>(Infinity, async (wanted) => {
    const missing = wanted.map(({ key }) => key)
    const values = await loader(missing, new ManyContext(wanted))
    return inOrder(missing, values)
  })
  const optionsOf = typeof options === 'function' ? options : undefined
  const loadOptions = typeof options === 'function' ? undefined : options
  const load = (key: K) => async (context: LoadContext<V | undefined>): Promise<V | undefined | Loaded<V | undefined>> => {
    const value = await batch.add({ key, context })
    return optionsOf === undefined || value === undefined ? value : entry(value, optionsOf(key, value))
  }
  return Promise.all(keys.map((key) => getOrSet(key, load(key), loadOptions)))
}

function inOrder<K extends Key, V>(keys: readonly K[], values: readonly (V | undefined)[] | ReadonlyMap<K, V>): readonly (V | undefined)[] {
  if (Array.isArray(values) && values.length === keys.length) return values as readonly (V | undefined)[]
  if (!(values instanceof Map)) throw new TypeError(`loadMany must answer with an array of ${keys.length} values or a Map`)
  // By text as well: an array is a key by its parts, not by its identity.
  const byText = new Map([...values].map(([key, value]) => [keyText(key as K), value as V]))
  return keys.map((key) => byText.get(keyText(key)))
}

/** The signal of a batch: aborted when all of its loads are. Only built when it is looked at. */
class ManyContext<K> {
  readonly #wanted: readonly Wanted<K>[]
  #controller: AbortController | undefined

  constructor(wanted: readonly Wanted<K>[]) {
    this.#wanted = wanted
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      this.#controller = controller
      let left = this.#wanted.length
      for (const { context } of this.#wanted) {
        const { signal } = context
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
