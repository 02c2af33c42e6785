import { type Key, keyText } from './key.ts'
import { LoadBatch, type ManyLoader, type OneLoaded } from './load-batch.ts'
import { entry, type EntryOptions, loadedParts, type LoadContext, type Loader, type LoadOptions } from './loader.ts'

/** Options for all entries, or computed for each. */
export type ManyOptions<K extends Key, V> = LoadOptions | ((key: K, value: V) => EntryOptions)

type GetOrSet<V> = (key: Key, loader: Loader<V | undefined>, options: LoadOptions | undefined) => Promise<V | undefined>

export interface Asked<K, V> {
  readonly keys: readonly K[]
  /** Where in `keys` and `values` those stand that are to be read. */
  readonly missing: readonly number[]
  readonly values: (V | undefined)[]
}

/**
 * Reads each missing key as a single read does, with its flight and its lease, and hands those that come to load in the
 * same turn to one call of the loader. A key that another process is loading is waited for, not asked again.
 */
export async function loadMissing<K extends Key, V>(
  { keys, missing, values }: Asked<K, V>,
  loader: ManyLoader<K, V>,
  options: ManyOptions<K, V> | undefined,
  getOrSet: GetOrSet<V>,
): Promise<(V | undefined)[]> {
  const batch = new LoadBatch<K, V>({ loadMany: loader, keyText, limit: Infinity })
  const optionsOf = typeof options === 'function' ? options : undefined
  const loadOptions = typeof options === 'function' ? undefined : options
  const load = (key: K) => async (context: LoadContext<V | undefined>): Promise<OneLoaded<V>> => {
    const answer = await batch.load(key, context)
    const parts = loadedParts(answer)
    if (optionsOf === undefined || parts.kind !== 'entry' || parts.value === undefined) return answer
    return entry(parts.value, { ...optionsOf(key, parts.value), ...parts.options })
  }
  const read = async (index: number): Promise<void> => {
    values[index] = await getOrSet(keys[index]!, load(keys[index]!), loadOptions)
  }
  await Promise.all(missing.map(read))
  return values
}
