import { isDeepStrictEqual } from 'node:util'
import { type Clock, systemClock } from './clock.ts'
import type { Duration } from './duration.ts'
import type { Lengths } from './entry.ts'
import type { EntryOptions, LoadOptions } from './loader.ts'
import { OptionCheck, hasMethods, isFunction, isPositiveInteger, isText } from './option-check.ts'
import type { Random } from './random.ts'
import { CACHE_ASIDE, isReadStrategy, type ReadStrategy } from './read-strategy.ts'
import { memory, type MemoryOptions, type PolicyName, type Tier } from './tier.ts'
import { isWriteStrategy, type WriteStrategy } from './write-strategy.ts'

/** The options of a cache, without its plugins. */
export interface CacheSettings extends EntryOptions {
  /** Also the namespace of its keys in a shared tier. Default `'default'`. */
  readonly name?: string | undefined
  /** Local tiers first, at most one shared tier, last. Default `[memory({ maxEntries: 1000 })]`. */
  readonly tiers?: readonly [Tier, ...Tier[]] | undefined
  readonly softTimeout?: Duration | undefined
  /** Default 10 s. */
  readonly hardTimeout?: Duration | undefined
  /** Default `cacheAside()`. */
  readonly read?: ReadStrategy | undefined
  /** Of its collections. Default `writeThrough()`. */
  readonly write?: WriteStrategy | undefined
  /** Load and serve, but store nothing in any tier: a `set` invalidates instead. Default false. */
  readonly readOnly?: boolean | undefined
  /** Answer some reads from the source, to compare them with what the cache has. Default: none. */
  readonly shadow?: ShadowOptions | undefined
  /** How long memory is served without word from the shared tier's log. Default 5 s. */
  readonly maxUnsynced?: Duration | undefined
  /** How long memory keeps what was loaded without a lease. Default 1 s. */
  readonly unsyncedTtl?: Duration | undefined
  /** How far loaders' reads may lag behind writes: fills stay refused for that long after an invalidation. Default 0. */
  readonly replicaLag?: Duration | undefined
  /** Put before every tag that the cache stores or invalidates. Processes that share a tier have to agree on it. Default `''`. */
  readonly tagsPrefix?: string | undefined
  /** When to stop asking a failing shared tier. Default 3 consecutive failures, 1 s. */
  readonly circuitBreaker?: { readonly failures?: number | undefined; readonly cooldown?: Duration | undefined } | undefined
  /** Test seam. Default: the machine's clock. */
  readonly clock?: Clock | undefined
  /** Test seam. Default `Math.random`. */
  readonly random?: Random | undefined
}

/** Proves the cache right, or not: some `getOrSet` that would be hits load, and answer with what was loaded. */
export interface ShadowOptions {
  /** The share of reads, from 0 to 1. 1 before the cache is relied on. */
  readonly sample: number
  /** How long a value that differs has to stay in the cache to be a mismatch. Default 1 s. */
  readonly grace?: Duration | undefined
  /** Default: equal by value. */
  readonly equals?: ((cached: unknown, source: unknown) => boolean) | undefined
}

export interface ResolvedShadow {
  readonly sample: number
  readonly grace: number
  readonly equals: (cached: unknown, source: unknown) => boolean
}

/** Entry options with every default in place; lengths in milliseconds. */
interface ResolvedEntryOptions extends Lengths {
  /** `undefined`: not remembered. */
  readonly negativeTtl: number | undefined
  readonly tags: readonly string[]
  readonly version: bigint | undefined
}

export interface ResolvedLoadOptions extends ResolvedEntryOptions {
  readonly softTimeout: number
  readonly hardTimeout: number
  /** `undefined`: cache-aside, which never refreshes a fresh hit. */
  readonly read: ReadStrategy | undefined
  readonly refresh: boolean
  readonly signal: AbortSignal | undefined
}

export interface ResolvedSettings {
  readonly name: string
  readonly tiers: readonly [Tier, ...Tier[]]
  readonly load: ResolvedLoadOptions
  readonly write: WriteStrategy | undefined
  readonly readOnly: boolean
  readonly shadow: ResolvedShadow | undefined
  readonly maxUnsynced: number
  readonly unsyncedTtl: number
  readonly replicaLag: number
  readonly tagsPrefix: string
  readonly breakerFailures: number
  readonly breakerCooldown: number
  readonly clock: Clock
  readonly random: Random
}

export interface ResolvedMemoryOptions {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly ttl: number
  readonly policy: PolicyName
  readonly copy: 'none' | 'clone' | 'freeze'
}

/** The memory tier of a cache without tiers. */
export const DEFAULT_MEMORY: MemoryOptions = { maxEntries: 1000 }

export const POLICIES: readonly PolicyName[] = ['adaptive', 'lru', 'sieve', 's3fifo', 'tinylfu']

const UNSET_LOAD: ResolvedLoadOptions = {
  ttl: Infinity,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  negativeTtl: undefined,
  jitter: 0.1,
  tags: [],
  version: undefined,
  softTimeout: Infinity,
  hardTimeout: 10_000,
  read: undefined,
  refresh: false,
  signal: undefined,
}

/** `version`, `refresh` and `signal` concern one call. */
const SETTINGS = Object.keys(UNSET_LOAD)
  .filter((name) => !/^(version|refresh|signal)$/.test(name))
  .concat('name', 'tiers', 'write', 'readOnly', 'shadow', 'maxUnsynced', 'unsyncedTtl', 'replicaLag', 'tagsPrefix', 'circuitBreaker', 'clock', 'random', 'plugins')

/**
 * Every option of a cache with its default.
 *
 * @throws ConfigError with all broken rules.
 */
export function resolveSettings(settings: CacheSettings): ResolvedSettings {
  const check = new OptionCheck()
  check.known(settings, SETTINGS)
  const breaker = settings.circuitBreaker ?? {}
  check.known(breaker, ['failures', 'cooldown'], 'circuitBreaker.')
  const tiers = settings.tiers ?? [memory(DEFAULT_MEMORY)]
  checkTiers(check, tiers)
  checkJournal(check, settings.write, tiers)
  const resolved: ResolvedSettings = {
    name: check.value('name', settings.name ?? 'default', isName, 'a non-empty string without lone surrogates'),
    tiers: withOwnNames(tiers),
    load: mergeInto(UNSET_LOAD, settings, check),
    write: settings.write && check.value('write', settings.write, isWriteStrategy, 'a WriteStrategy'),
    readOnly: check.value('readOnly', settings.readOnly ?? false, (flag) => typeof flag === 'boolean', 'true or false'),
    shadow: settings.shadow && resolveShadow(check, settings.shadow),
    maxUnsynced: check.duration('maxUnsynced', settings.maxUnsynced ?? 5_000),
    unsyncedTtl: check.duration('unsyncedTtl', settings.unsyncedTtl ?? 1_000),
    replicaLag: check.duration('replicaLag', settings.replicaLag ?? 0),
    tagsPrefix: check.value('tagsPrefix', settings.tagsPrefix ?? '', isText, 'a string without lone surrogates'),
    breakerFailures: check.count('circuitBreaker.failures', breaker.failures ?? 3),
    breakerCooldown: check.duration('circuitBreaker.cooldown', breaker.cooldown ?? 1_000),
    clock: check.value('clock', settings.clock ?? systemClock, isClock, 'a Clock'),
    random: check.value('random', settings.random ?? Math.random, isFunction, 'a function that returns a number in [0, 1)'),
  }
  check.throwIfBroken()
  return resolved
}

/** Of one invalidation, in milliseconds. Throws ConfigError for what is no duration. */
export function resolveLag(lag: Duration): number {
  const check = new OptionCheck()
  const ms = check.duration('replicaLag', lag)
  check.throwIfBroken()
  return ms
}

/** None where no read is to be compared: memory then answers as ever. */
function resolveShadow(check: OptionCheck, shadow: ShadowOptions): ResolvedShadow | undefined {
  check.known(shadow, ['sample', 'grace', 'equals'], 'shadow.')
  const resolved = {
    sample: check.value('shadow.sample', shadow.sample, (sample) => sample >= 0 && sample <= 1, 'a number from 0 to 1'),
    grace: check.duration('shadow.grace', shadow.grace ?? 1_000),
    equals: check.value('shadow.equals', shadow.equals ?? isDeepStrictEqual, isFunction, 'a function'),
  }
  return resolved.sample === 0 ? undefined : resolved
}

/** The bounds of a memory tier, `Infinity` where there is none. Throws ConfigError with all broken rules. */
export function resolveMemoryOptions(options: MemoryOptions): ResolvedMemoryOptions {
  const check = new OptionCheck()
  const resolved = checkMemory(check, options, '')
  check.throwIfBroken()
  return resolved
}

function checkMemory(check: OptionCheck, options: MemoryOptions, path: string): ResolvedMemoryOptions {
  check.known(options, ['maxEntries', 'maxBytes', 'ttl', 'policy', 'copy'], path)
  if (options.maxEntries === undefined && options.maxBytes === undefined) {
    check.broken(`${path}maxEntries`, 'given, or maxBytes: a memory tier needs a bound', undefined)
  }
  return {
    maxEntries: check.value(`${path}maxEntries`, options.maxEntries ?? Infinity, isBound, 'an integer >= 1'),
    maxBytes: check.value(`${path}maxBytes`, options.maxBytes ?? Infinity, isBound, 'an integer >= 1'),
    ttl: options.ttl === undefined ? Infinity : check.duration(`${path}ttl`, options.ttl),
    policy: check.value(`${path}policy`, options.policy ?? 'adaptive', (policy) => POLICIES.includes(policy), `one of ${POLICIES.map((name) => `'${name}'`).join(', ')}`),
    copy: check.value(`${path}copy`, options.copy ?? 'none', (copy) => ['none', 'clone', 'freeze'].includes(copy), "'none', 'clone' or 'freeze'"),
  }
}

function checkJournal(check: OptionCheck, write: WriteStrategy | undefined, tiers: readonly Tier[]): void {
  const wanted = write?.journalTier
  if (wanted === undefined || !Array.isArray(tiers) || tiers.some((tier: Tier) => tier?.kind === 'shared' && tier.name === wanted)) return
  check.broken('write.journal', 'the name of a shared tier of the cache, or { path }', wanted)
}

/** Stats and switches go by name: of two local tiers of one name the second becomes `memory-2`. */
function withOwnNames(tiers: CacheSettings['tiers'] & {}): ResolvedSettings['tiers'] {
  if (!Array.isArray(tiers)) return tiers
  const known = new Map<string, number>()
  const named = tiers.map((tier: Tier) => {
    const count = (known.get(tier?.name) ?? 0) + 1
    known.set(tier?.name, count)
    return count === 1 || tier.kind === 'shared' ? tier : { ...tier, name: `${tier.name}-${count}` }
  })
  return named as unknown as ResolvedSettings['tiers']
}

function checkTiers(check: OptionCheck, tiers: readonly Tier[]): void {
  if (!Array.isArray(tiers) || tiers.length === 0) return check.broken('tiers', 'a non-empty array of tiers', tiers)
  tiers.forEach((tier, index) => {
    const path = `tiers[${index}]`
    if (tier?.kind === 'memory') checkMemory(check, tier.options ?? {}, `${path}.`)
    else if (tier?.kind === 'shared' && index < tiers.length - 1) check.broken(path, 'a local tier: a shared tier comes last', tier.name)
    else if (tier?.kind !== 'shared' && tier?.kind !== 'plain') check.broken(path, 'a tier: memory(...), tier(...), redis(...)', tier)
  })
}

/**
 * Load options over their defaults.
 *
 * @throws ConfigError with all broken rules.
 */
export function mergeLoadOptions(base: ResolvedLoadOptions, options: LoadOptions | undefined): ResolvedLoadOptions {
  if (options === undefined) return base
  const check = new OptionCheck()
  const merged = mergeInto(base, options, check)
  check.throwIfBroken()
  return merged
}

function mergeInto(base: ResolvedLoadOptions, options: LoadOptions, check: OptionCheck): ResolvedLoadOptions {
  const merged: { -readonly [K in keyof ResolvedLoadOptions]: ResolvedLoadOptions[K] } = { ...base }
  for (const name of ['ttl', 'staleWhileRevalidate', 'staleIfError', 'softTimeout', 'hardTimeout'] as const) {
    if (name in options) merged[name] = options[name] === undefined ? UNSET_LOAD[name] : check.duration(name, options[name])
  }
  if ('negativeTtl' in options) {
    merged.negativeTtl = options.negativeTtl === undefined ? undefined : check.duration('negativeTtl', options.negativeTtl)
  }
  if ('jitter' in options) {
    merged.jitter = check.value('jitter', options.jitter ?? UNSET_LOAD.jitter, (jitter) => jitter >= 0 && jitter <= 1, 'a number from 0 to 1')
  }
  if ('tags' in options) {
    const tags = check.value('tags', options.tags ?? UNSET_LOAD.tags, areTags, 'an array of strings without lone surrogates')
    // United, not replaced: an entry that lost a tag on the way would survive its invalidation.
    merged.tags = options.tags === undefined || base.tags.length === 0 ? [...tags] : [...new Set([...base.tags, ...tags])]
  }
  if ('version' in options) merged.version = options.version === undefined ? undefined : check.version('version', options.version)
  if ('read' in options) merged.read = options.read === undefined || options.read === CACHE_ASIDE ? undefined : check.value('read', options.read, isReadStrategy, 'a ReadStrategy')
  if ('refresh' in options) merged.refresh = options.refresh === true
  if ('signal' in options) {
    merged.signal = options.signal === undefined ? undefined : check.value('signal', options.signal, isSignal, 'an AbortSignal')
  }
  return merged
}

const isName = (name: unknown): boolean => isText(name) && name !== ''
const isBound = (value: unknown): boolean => value === Infinity || isPositiveInteger(value)
const isClock = (clock: Clock): boolean => hasMethods(clock, ['now', 'setTimeout', 'clearTimeout'])
const isSignal = (signal: AbortSignal): boolean => typeof signal?.aborted === 'boolean' && hasMethods(signal, ['addEventListener'])
const areTags = (tags: readonly string[]): boolean => Array.isArray(tags) && tags.every(isText)
