import { type Cache, type Clock, ConfigError, type ConfigIssue, DURATION_RULE, type Duration, type LoadOptions, parseDuration, systemClock } from '@stratacache/core'
import { OUTBOX_TABLE } from './outbox/outbox-table.ts'
import { TRIGGER_CHANNEL } from './postgres/triggers.ts'

/** Lifetimes and timeouts of what is read through the cache. */
export type ReadOptions = Pick<LoadOptions, 'ttl' | 'staleWhileRevalidate' | 'staleIfError' | 'jitter' | 'softTimeout' | 'hardTimeout' | 'read'>

/** Lifetimes of entities. Options that are not given are those of the cache. */
export interface EntityOptions extends ReadOptions {
  /** How long to remember that there is no row of a key. Default: not remembered. */
  readonly negativeTtl?: Duration | undefined
}

/** Options of `outbox`. */
export interface OutboxOptions {
  /** The table. Default `'stratacache_outbox'`. */
  readonly table?: string | undefined
  /** How often the table is looked at for what others have left. Default 5 s; PostgreSQL tells when there is something. */
  readonly poll?: Duration | undefined
  /** How long whoever has committed is given to invalidate by himself. Default 1 s. */
  readonly grace?: Duration | undefined
}

/** Options of `triggers`. */
export interface TriggerOptions {
  /** The channel of NOTIFY. Default `'stratacache_changes'`. */
  readonly channel?: string | undefined
  /** Whether missing triggers are created. Default true; false where migrations do so. */
  readonly create?: boolean | undefined
  /** Within what time a dead connection is noticed. Default 5 s. */
  readonly heartbeat?: Duration | undefined
}

/** Options of `typeormCache`. */
export interface TypeormCacheOptions {
  /** Lifetimes of entities read by `repository(...)`. */
  readonly entities?: EntityOptions | undefined
  /** Lifetimes of query results: defaults of `queryCache()`. `ttl` is 1 minute, and there is no `hardTimeout`, unless they are given. */
  readonly queryCache?: ReadOptions | undefined
  /**
   * - `'tables'`: writes are found in the SQL that is executed, whoever wrote it. The default.
   * - `'ignore'`: only TypeORM's entity events count. What raises none is not seen: raw SQL, `INSERT ... SELECT`, `clear()`,
   *   `{ listeners: false }`, tree tables.
   */
  readonly rawSql?: 'tables' | 'ignore' | undefined
  /** How far the databases that queries read may lag behind the one that is written. Default: the cache's `replicaLag`. */
  readonly replicaLag?: Duration | undefined
  /**
   * Writes down what each transaction makes invalid in a table of the same database, in that transaction (`createOutbox`). A
   * process that dies between its commit and the invalidation leaves it to the others. Default false.
   */
  readonly outbox?: boolean | OutboxOptions | undefined
  /**
   * PostgreSQL: triggers on the tables of all entities tell of every change, whoever makes it. They are created at the start
   * where they are missing (`createTriggers`). Default false.
   */
  readonly triggers?: boolean | TriggerOptions | undefined
  /** A test's clock. Default: the machine's. */
  readonly clock?: Clock | undefined
  /** Told of every failure that has no caller to go to, as is the cache's event `sourceError`. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface ResolvedOptions {
  readonly entities: EntityOptions
  readonly queryCache: ReadOptions
  readonly readsSql: boolean
  readonly replicaLag: Duration | undefined
  readonly outbox: { readonly table: string; readonly pollMs: number; readonly graceMs: number } | undefined
  readonly triggers: { readonly channel: string; readonly create: boolean; readonly heartbeatMs: number } | undefined
  readonly clock: Clock
  readonly onError: ((error: unknown) => void) | undefined
}

const NAMES = ['entities', 'queryCache', 'rawSql', 'replicaLag', 'outbox', 'triggers', 'clock', 'onError']

/** Of a query cache: a database has its own time limit, and knows better. */
const QUERY_DEFAULTS: ReadOptions = { ttl: '1m', hardTimeout: Infinity }

/**
 * Every option with its default.
 *
 * @throws ConfigError with all broken rules.
 */
export function resolveOptions(cache: Cache, options: TypeormCacheOptions): ResolvedOptions {
  const issues: ConfigIssue[] = []
  const broken: Broken = (option, rule, value) => void issues.push({ option, rule, value })
  checkNames(options, NAMES, '', broken)
  const { rawSql = 'tables', replicaLag, clock = systemClock, onError } = options
  if (rawSql !== 'tables' && rawSql !== 'ignore') broken('rawSql', "'tables' or 'ignore'", rawSql)
  if (replicaLag !== undefined) finiteMs('replicaLag', replicaLag, broken)
  if (onError !== undefined && typeof onError !== 'function') broken('onError', 'a function', onError)
  const resolved = {
    readsSql: rawSql === 'tables',
    replicaLag,
    outbox: resolveOutbox(options.outbox, broken),
    triggers: resolveTriggers(options.triggers, broken),
    clock,
    onError,
  }
  if (issues.length > 0) throw new ConfigError(issues)
  return {
    ...resolved,
    entities: checkReads(cache, 'entities', options.entities ?? {}),
    queryCache: resolveQueryCache(cache, options.queryCache ?? {}),
  }
}

type Broken = (option: string, rule: string, value: unknown) => void

function checkNames(options: object, names: readonly string[], path: string, broken: Broken): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) broken(`${path}${name}`, `one of ${names.join(', ')}`, value)
  }
}

function finiteMs(option: string, value: Duration, broken: Broken): number {
  const ms = parseDuration(value)
  if (ms === undefined || !Number.isFinite(ms)) broken(option, `finite, and ${DURATION_RULE}`, value)
  return ms ?? 0
}

/** The fields of an option that may be given as `true`. */
function fieldsOf<O extends object>(name: string, given: boolean | O | undefined, names: readonly string[], broken: Broken): Partial<O> | undefined {
  if (given === undefined || given === false) return undefined
  if (given === true) return {}
  if (typeof given !== 'object' || given === null) broken(name, 'true, false or an object', given)
  else checkNames(given, names, `${name}.`, broken)
  return given
}

function nameOf(option: string, value: string, broken: Broken): string {
  if (typeof value !== 'string' || value === '') broken(option, 'a non-empty string', value)
  return value
}

function resolveOutbox(given: TypeormCacheOptions['outbox'], broken: Broken): ResolvedOptions['outbox'] {
  const fields = fieldsOf('outbox', given, ['table', 'poll', 'grace'], broken)
  return fields && {
    table: nameOf('outbox.table', fields.table ?? OUTBOX_TABLE, broken),
    pollMs: finiteMs('outbox.poll', fields.poll ?? '5s', broken),
    graceMs: finiteMs('outbox.grace', fields.grace ?? '1s', broken),
  }
}

function resolveTriggers(given: TypeormCacheOptions['triggers'], broken: Broken): ResolvedOptions['triggers'] {
  const fields = fieldsOf('triggers', given, ['channel', 'create', 'heartbeat'], broken)
  return fields && {
    channel: nameOf('triggers.channel', fields.channel ?? TRIGGER_CHANNEL, broken),
    create: fields.create ?? true,
    heartbeatMs: finiteMs('triggers.heartbeat', fields.heartbeat ?? '5s', broken),
  }
}

/** @throws ConfigError with all broken rules. */
export const resolveQueryCache = (cache: Cache, options: ReadOptions, defaults: ReadOptions = QUERY_DEFAULTS): ReadOptions =>
  ({ ...defaults, ...checkReads(cache, 'queryCache', options) })

/** The cache checks what is its own, here and not at the first query. */
export function checkReads<O extends EntityOptions>(cache: Cache, name: string, { ...options }: O): O {
  const { read, ...others } = options as EntityOptions
  cache.collection(name, { load: () => undefined, ...others, ...(read !== undefined && { readStrategy: read }) })
  return options
}
