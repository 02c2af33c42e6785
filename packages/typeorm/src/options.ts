import { type Cache, ConfigError, type ConfigIssue, type Duration, type LoadOptions, parseDuration } from '@stratacache/core'

/** Lifetimes and timeouts of what is read through the cache. */
export type ReadOptions = Pick<LoadOptions, 'ttl' | 'staleWhileRevalidate' | 'staleIfError' | 'jitter' | 'softTimeout' | 'hardTimeout' | 'read'>

/** Lifetimes of entities. Options that are not given are those of the cache. */
export interface EntityOptions extends ReadOptions {
  /** How long to remember that there is no row of a key. Default: not remembered. */
  readonly negativeTtl?: Duration | undefined
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
  /** Told of every failure that has no caller to go to, as is the cache's event `sourceError`. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface ResolvedOptions {
  readonly entities: EntityOptions
  readonly queryCache: ReadOptions
  readonly readsSql: boolean
  readonly replicaLag: Duration | undefined
  readonly onError: ((error: unknown) => void) | undefined
}

const NAMES = ['entities', 'queryCache', 'rawSql', 'replicaLag', 'onError']

/** Of a query cache: a database has its own time limit, and knows better. */
const QUERY_DEFAULTS: ReadOptions = { ttl: '1m', hardTimeout: undefined }

/**
 * Every option with its default.
 *
 * @throws ConfigError with all broken rules.
 */
export function resolveOptions(cache: Cache, options: TypeormCacheOptions): ResolvedOptions {
  const issues: ConfigIssue[] = []
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) issues.push({ option: name, rule: `one of ${NAMES.join(', ')}`, value: options[name as keyof TypeormCacheOptions] })
  }
  const { rawSql = 'tables', replicaLag, onError } = options
  if (rawSql !== 'tables' && rawSql !== 'ignore') issues.push({ option: 'rawSql', rule: "'tables' or 'ignore'", value: rawSql })
  if (replicaLag !== undefined && !Number.isFinite(parseDuration(replicaLag))) {
    issues.push({ option: 'replicaLag', rule: "a finite duration: milliseconds, or text such as '500ms'", value: replicaLag })
  }
  if (onError !== undefined && typeof onError !== 'function') issues.push({ option: 'onError', rule: 'a function', value: onError })
  if (issues.length > 0) throw new ConfigError(issues)
  return {
    entities: checkReads(cache, 'entities', options.entities ?? {}),
    queryCache: resolveQueryCache(cache, options.queryCache ?? {}),
    readsSql: rawSql === 'tables',
    replicaLag,
    onError,
  }
}

/** @throws ConfigError with all broken rules. */
export const resolveQueryCache = (cache: Cache, options: ReadOptions, defaults = QUERY_DEFAULTS): ReadOptions =>
  ({ ...defaults, ...checkReads(cache, 'queryCache', options) })

/** The cache checks what is its own, here and not at the first query. */
export function checkReads<O extends EntityOptions>(cache: Cache, name: string, { ...options }: O): O {
  const { read, ...others } = options as EntityOptions
  cache.collection(name, { load: () => undefined, ...others, ...(read !== undefined && { readStrategy: read }) })
  return options
}
