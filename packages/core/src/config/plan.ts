import type { Clock } from '../clock.ts'
import type { CacheConfig, Plugin } from '../create-cache.ts'
import { ConfigError, type ConfigIssue } from '../error.ts'
import { HIDDEN } from '../option-issues.ts'
import { type CacheSettings, DEFAULT_MEMORY, resolveSettings } from '../options.ts'
import type { Random } from '../random.ts'
import { memory, type MemoryOptions, type Tier } from '../tier.ts'
import type { MemoryChanges } from './built-in.ts'
import { check, withoutSecrets } from './check.ts'
import { cacheShape, configShape, type Resolved, type ResolvedCache } from './document.ts'
import { type Environment, Expanded, expandVariables, isRecord } from './environment.ts'
import type { Kinds, StrategyKind } from './kind.ts'
import { type Path, pathOf, pathText } from './path.ts'
import { holdsSecret, type ObjectShape, type Used } from './shape.ts'

/** What every cache of a configuration is given besides its data. */
export interface Parts {
  /** Extend every cache. */
  readonly plugins?: readonly Plugin[] | undefined
  /** Test seam. Default: the machine's clock. */
  readonly clock?: Clock | undefined
  /** Test seam. Default `Math.random`. */
  readonly random?: Random | undefined
}

/** What a configuration comes to. Nothing is open yet. */
export interface Plan {
  /** The data. Each cache has its defaults. */
  readonly resolved: Resolved
  /** What to call `createCache` with. */
  readonly caches: readonly (CacheConfig & { readonly name: string })[]
}

/** A plan, or every mistake that prevents one. */
export type Outcome = { readonly plan: Plan; readonly issues: readonly [] } | { readonly plan: undefined; readonly issues: readonly ConfigIssue[] }

/** Makes a plan of data. Tiers and strategies are created, which opens nothing. */
export function planCaches(data: unknown, kinds: Kinds, env: Environment, parts: Parts): Outcome {
  return new Planning(expandVariables(data, env), kinds, parts).run()
}

class Planning {
  readonly #data: unknown
  readonly #kinds: Kinds
  readonly #parts: Parts
  readonly #settings: ObjectShape<object>
  readonly #issues: ConfigIssue[] = []

  constructor(data: unknown, kinds: Kinds, parts: Parts) {
    this.#data = data
    this.#kinds = kinds
    this.#parts = parts
    this.#settings = cacheShape(kinds, undefined)
  }

  run(): Outcome {
    const named = isRecord(this.#data) ? this.#data.tiers : undefined
    const names = named === undefined ? [] : isRecord(named) ? Object.keys(named) : undefined
    const { defaults = {}, tiers = {}, caches = {} } = check(configShape(this.#kinds, names), this.#data, [], this.#report) ?? {}
    const made = new Map(Object.entries(tiers).map(([name, data]) => [name, this.#tier(name, data)]))
    const merged = Object.entries(caches).map(([name, cache]) => [name, mergeCache(defaults, cache ?? {})] as const)
    const configs = merged.map(([name, cache]) => this.#cache(name, cache, made))
    if (this.#issues.length > 0) return { plan: undefined, issues: this.#issues }
    return { plan: { resolved: { tiers, caches: Object.fromEntries(merged) }, caches: configs }, issues: [] }
  }

  readonly #report = (path: Path, rule: string, value: unknown): void => {
    const option = pathText(path)
    // A mistake in the defaults is one, however many caches it concerns.
    if (!this.#issues.some((issue) => issue.option === option && issue.rule === rule)) this.#issues.push({ option, rule, value, path })
  }

  #tier(name: string, data: Used | undefined): Tier | undefined {
    const path = ['tiers', name]
    if (data === undefined || this.#isBroken(path)) return undefined
    const { use, ...options } = data
    const kind = this.#kinds.tier.get(use)!
    return this.#attempt(() => kind.create(options), (option) => [...path, ...pathOf(option)], kind.options)
  }

  #cache(name: string, data: ResolvedCache, made: ReadonlyMap<string, Tier | undefined>): CacheConfig & { readonly name: string } {
    const { tiers: names, memory: changes, read, write, ...lifted } = data
    const own: Path = ['caches', name]
    const place = (option: string): Path => {
      const path = pathOf(option)
      if (option === 'name') return own
      const isInherited = at(this.#data, [...own, path[0]!]) === undefined && at(this.#data, ['defaults', path[0]!]) !== undefined
      return isInherited ? ['defaults', ...path] : [...own, ...path]
    }
    const reading = this.#strategy(this.#kinds.read, read, place('read'))
    const writing = this.#strategy(this.#kinds.write, write, place('write'))
    const isChanged = ![own, ['defaults']].some((path) => this.#isBroken([...path, 'memory']))
    const misplaced = (): void => {
      // Those of the defaults are for the caches that have one.
      if (isRecord(at(this.#data, [...own, 'memory']))) this.#report([...own, 'memory'], 'left out: the cache has no memory tier', withoutSecrets(changes))
    }
    const tiers = this.#tiersOf(names, isChanged ? changes : undefined, made, misplaced)
    const config: CacheConfig & { readonly name: string } = { ...lifted, name, tiers, ...(reading && { read: reading }), ...(writing && { write: writing }), ...this.#parts }
    this.#attempt(() => resolveSettings(config), place, this.#settings)
    return config
  }

  #strategy<S>(kinds: ReadonlyMap<string, StrategyKind<S>>, data: Used | undefined, path: Path): S | undefined {
    if (data === undefined || this.#isBroken(path)) return undefined
    const { use, ...options } = data
    const kind = kinds.get(use)!
    const place = (option: string): Path => [...path, ...pathOf(option.replace(`${use}.`, ''))]
    return this.#attempt(() => kind.create(options), place, kind.options)
  }

  /** `undefined`: that of `createCache`, or not to be had because of a mistake that is reported elsewhere. */
  #tiersOf(
    names: readonly string[] | undefined,
    changes: MemoryChanges | undefined,
    made: ReadonlyMap<string, Tier | undefined>,
    misplaced: () => void,
  ): CacheSettings['tiers'] {
    if (names === undefined) return [memory(changed(DEFAULT_MEMORY, changes))]
    const tiers = names.flatMap((name) => made.get(name) ?? [])
    if (tiers.length < names.length) return undefined
    const index = tiers.findIndex(({ kind }) => kind === 'memory')
    const first = tiers[index]
    if (changes !== undefined && first?.kind === 'memory') tiers[index] = { ...first, options: changed(first.options, changes) }
    else if (changes !== undefined) misplaced()
    return tiers as [Tier, ...Tier[]]
  }

  /** What a kind or a cache refuses becomes a mistake of the option's place, unless there is one already. */
  #attempt<T>(create: () => T, place: (option: string) => Path, { form }: ObjectShape<object>): T | undefined {
    try {
      return create()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const { option, rule, value } of error.issues) {
        const path = place(option)
        if (option !== 'name' && this.#isBroken(path)) continue
        const [name] = pathOf(option)
        const field = Object.hasOwn(form.fields, name!) ? form.fields[name!] : undefined
        const given = at(this.#data, path)
        this.#report(path, rule, field && holdsSecret(field) ? HIDDEN : withoutSecrets(given instanceof Expanded ? given.written : value))
      }
      return undefined
    }
  }

  #isBroken(path: Path): boolean {
    return this.#issues.some((issue) => path.every((part, index) => issue.path?.[index] === part))
  }
}

function mergeCache(defaults: ResolvedCache, cache: ResolvedCache): ResolvedCache {
  const merged = { ...defaults, ...cache }
  return {
    ...merged,
    ...(defaults.tags && cache.tags && { tags: [...new Set([...defaults.tags, ...cache.tags])] }),
    ...(defaults.circuitBreaker && cache.circuitBreaker && { circuitBreaker: { ...defaults.circuitBreaker, ...cache.circuitBreaker } }),
    ...(defaults.memory && cache.memory && { memory: { ...defaults.memory, ...cache.memory } }),
    ...(merged.tiers === undefined && { memory: { ...DEFAULT_MEMORY, ...defaults.memory, ...cache.memory } }),
  }
}

/** Bounds may have been taken away: what is left is checked with the rest of the cache. */
const changed = (options: MemoryOptions, changes: MemoryChanges | undefined): MemoryOptions => ({ ...options, ...changes }) as MemoryOptions

/** What the data has at a path. */
function at(data: unknown, path: Path): unknown {
  let value = data
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}
