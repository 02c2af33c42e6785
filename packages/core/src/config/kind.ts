import { ConfigError } from '../error.ts'
import type { ReadStrategy, WriteStrategy } from '../strategy.ts'
import type { Tier } from '../tier.ts'
import type { ObjectShape } from './shape.ts'

/** What a configuration can name with `use`: a tier, or a strategy. */
export type Kind = TierKind | ReadKind | WriteKind

/**
 * A tier for `use`. `create` opens nothing: a configuration is checked by creating its tiers.
 *
 * @example
 * ```ts
 * const nowhere: TierKind<{ readonly label?: string | undefined }> = {
 *   kind: 'tier',
 *   use: 'nowhere',
 *   options: object({ label: text({ default: 'nowhere' }) }),
 *   create: ({ label = 'nowhere' }) => tier({ name: label, get: () => undefined, set: () => {}, delete: () => {} }),
 * }
 * await using caches = createCaches({ tiers: { local: { use: 'nowhere' } }, caches: { users: { tiers: ['local'] } } }, { registry: [nowhere] })
 * Object.keys(caches.get('users').stats().tiers) // ['nowhere']
 * ```
 */
export interface TierKind<O extends object = object, U extends string = string> {
  readonly kind: 'tier'
  readonly use: U
  readonly options: ObjectShape<O>
  /** @throws ConfigError with all broken rules, by the names of the options. */
  create(options: O): Tier
}

/** A read strategy for `use`. */
export interface ReadKind<O extends object = object, U extends string = string> {
  readonly kind: 'read'
  readonly use: U
  readonly options: ObjectShape<O>
  create(options: O): ReadStrategy
}

/** A write strategy for `use`. */
export interface WriteKind<O extends object = object, U extends string = string> {
  readonly kind: 'write'
  readonly use: U
  readonly options: ObjectShape<O>
  create(options: O): WriteStrategy
}

/** The kinds that a configuration can name. */
export class Kinds {
  readonly all: readonly Kind[]
  readonly tier: ReadonlyMap<string, TierKind>
  readonly read: ReadonlyMap<string, ReadKind>

  /** @throws ConfigError for two kinds of one name. */
  constructor(kinds: readonly Kind[]) {
    this.all = kinds
    this.tier = byUse(kinds.filter((kind) => kind.kind === 'tier'))
    this.read = byUse(kinds.filter((kind) => kind.kind === 'read'))
  }
}

function byUse<K extends Kind>(kinds: readonly K[]): ReadonlyMap<string, K> {
  const known = new Map<string, K>()
  for (const kind of new Set(kinds)) {
    if (known.has(kind.use)) throw new ConfigError([{ option: 'registry', rule: `without a second ${kind.kind} kind of this name`, value: kind.use }])
    known.set(kind.use, kind)
  }
  return known
}
