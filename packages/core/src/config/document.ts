import { type BuiltIn, memoryChanges, type MemoryChanges } from './built-in.ts'
import { liftedFields, type LiftedSettings } from './cache-settings.ts'
import type { Kind, Kinds, TierKind } from './kind.ts'
import { type FieldsOf, listOf, object, type ObjectShape, oneOf, record, required, text, use, type Used } from './shape.ts'

/**
 * What a configuration says, as data.
 *
 * @typeParam N names of its caches
 * @typeParam T names of its tiers
 * @typeParam K kinds that it can `use`, beyond those of this package
 */
export interface CachesConfig<N extends string = string, T extends string = string, K extends Kind = Kind> {
  /** For editors. */
  readonly $schema?: string | undefined
  /** What every cache says that does not say otherwise. Tags add up. */
  readonly defaults?: CacheData<T, K> | undefined
  /** Each is made once, for all caches that name it. */
  readonly tiers?: { readonly [name in T]: TierData<K | BuiltIn> } | undefined
  /** By name. The name is also the namespace of its keys in a shared tier. */
  readonly caches: { readonly [name in N]: CacheData<T, K> }
}

/** One tier: `use` and the options of that kind. */
export type TierData<K> = K extends TierKind<infer O, infer U> ? { readonly use: U } & Written<O> : never

/** One cache. */
export type CacheData<T extends string = string, K extends Kind = Kind> = Written<LiftedSettings> & {
  /** Their names, in the order of `createCache`: local tiers first, at most one shared tier, last. Default: a memory tier of 1000 entries. */
  readonly tiers?: readonly [NoInfer<T>, ...NoInfer<T>[]] | undefined
  /** Takes the place of what the memory tier says, for this cache: each has a memory of its own. */
  readonly memory?: Written<MemoryChanges> | undefined
  /** A name, or an object with `use` and the options of the strategy. Default `cacheAside`. */
  readonly read?: StrategyData<K | BuiltIn, 'read'> | undefined
  /** Of its collections: a name, or an object with `use` and the options of the strategy. Default `writeThrough`. */
  readonly write?: StrategyData<K | BuiltIn, 'write'> | undefined
}

type StrategyData<K, W extends Kind['kind']> = K extends { readonly kind: W; readonly use: infer U; readonly options: ObjectShape<infer O> }
  ? U | ({ readonly use: U } & Written<O>)
  : never

/** A text that holds a variable of the environment: `'${PORT}'`, `'${PORT:-6379}'`. */
type Variable = `${string}\${${string}}${string}`

/** Data, or variables in its place. */
type Written<T> = T extends string | number | boolean
  ? T | Variable
  : T extends readonly (infer I)[]
    ? readonly Written<I>[]
    : T extends object
      ? { readonly [K in keyof T]: Written<T[K]> }
      : T

/** A configuration whose variables are expanded and whose mistakes are gone. */
export interface Resolved {
  readonly defaults?: ResolvedCache | undefined
  readonly tiers?: Readonly<Record<string, Used>> | undefined
  readonly caches: Readonly<Record<string, ResolvedCache>>
}

export interface ResolvedCache extends LiftedSettings {
  readonly tiers?: readonly string[] | undefined
  readonly memory?: MemoryChanges | undefined
  readonly read?: Used | undefined
  readonly write?: Used | undefined
}

/** @param tiers the names that a cache may use; `undefined` for any */
export function cacheShape(kinds: Kinds, tiers: readonly string[] | undefined): ObjectShape<ResolvedCache> {
  const fields: FieldsOf<ResolvedCache> = {
    tiers: listOf(tiers === undefined ? text() : oneOf(tiers), {
      isFilled: true,
      description: 'Names of tiers: local tiers first, at most one shared tier, last. Default: a memory tier of 1000 entries.',
    }),
    memory: memoryChanges,
    read: use(kinds.read.values(), { short: true, default: 'cacheAside', description: 'Decides whether a hit on a fresh entry also refreshes it.' }),
    write: use(kinds.write.values(), { short: true, default: 'writeThrough', description: 'In which order the changes of its collections reach the source and the cache.' }),
    ...liftedFields,
  }
  return object(fields)
}

/** The shape of a whole configuration. */
export function configShape(kinds: Kinds, tiers?: readonly string[]): ObjectShape<Resolved> {
  const cache = cacheShape(kinds, tiers)
  return object({
    $schema: text({ description: 'For editors.' }),
    defaults: { ...cache, description: 'What every cache says that does not say otherwise. Tags add up.' },
    tiers: record(use(kinds.tier.values(), { description: 'A tier: made once, for all caches that name it.' }), { description: 'Tiers by name.' }),
    caches: required(record(cache, { description: "Caches by name. The name is also the namespace of the cache's keys in a shared tier." })),
  })
}
