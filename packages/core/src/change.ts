import type { EntryOptions, Loaded } from './loader.ts'

/** One change of a source through a collection. */
export type Change<K, V> =
  | { readonly type: 'set'; readonly key: K; readonly value: V; readonly options?: EntryOptions | undefined }
  | { readonly type: 'remove'; readonly key: K }

/** What the source made of a change: the value as it is there, if the writer said so. */
export type Written<V> = V | Loaded<V> | undefined | void
