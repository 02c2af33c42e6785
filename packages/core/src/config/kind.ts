import { ConfigError } from '../error.ts'
import type { ReadStrategy } from '../read-strategy.ts'
import type { Tier } from '../tier.ts'
import type { WriteStrategy } from '../write-strategy.ts'
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

/** A strategy of type `S` for `use`. Each cache that names it gets one of its own. */
export interface StrategyKind<S, O extends object = object, U extends string = string> {
  readonly use: U
  readonly options: ObjectShape<O>
  /** @throws ConfigError with all broken rules, by the names of the options. */
  create(options: O): S
}

/** A read strategy for `use`. */
export interface ReadKind<O extends object = object, U extends string = string> extends StrategyKind<ReadStrategy, O, U> {
  readonly kind: 'read'
}

/** A write strategy for `use`. */
export interface WriteKind<O extends object = object, U extends string = string> extends StrategyKind<WriteStrategy, O, U> {
  readonly kind: 'write'
}

/** The kinds that a configuration can name. */
export class Kinds {
  readonly all: readonly Kind[]
  readonly tier: ReadonlyMap<string, TierKind>
  readonly read: ReadonlyMap<string, ReadKind>
  readonly write: ReadonlyMap<string, WriteKind>

  /** @throws ConfigError for what is no kind, and for two of one name. */
  constructor(kinds: readonly Kind[]) {
    for (const kind of kinds) {
      if (!isKind(kind)) throw new ConfigError([{ option: 'registry', rule: 'an array of kinds: { kind, use, options, create }', value: kind }])
    }
    this.all = kinds
    this.tier = byUse(kinds.filter((kind) => kind.kind === 'tier'))
    this.read = byUse(kinds.filter((kind) => kind.kind === 'read'))
    this.write = byUse(kinds.filter((kind) => kind.kind === 'write'))
  }
}

function isKind(kind: Kind | undefined): boolean {
  const hasKind = kind?.kind === 'tier' || kind?.kind === 'read' || kind?.kind === 'write'
  return hasKind && typeof kind.use === 'string' && kind.options?.form?.kind === 'object' && typeof kind.create === 'function'
}

function byUse<K extends Kind>(kinds: readonly K[]): ReadonlyMap<string, K> {
  const known = new Map<string, K>()
  for (const kind of new Set(kinds)) {
    if (known.has(kind.use)) throw new ConfigError([{ option: 'registry', rule: `without a second ${kind.kind} kind of this name`, value: kind.use }])
    known.set(kind.use, kind)
  }
  return known
}
