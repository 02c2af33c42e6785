import { type Cache, ConfigError, type Duration, type InvalidationResult, type InvalidationSink, type LoadOptions, parseDuration } from '@stratacache/core'
import type { DataSource, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import { entityId } from './entity/entity-id.ts'
import { EntityRepository } from './entity/entity-repository.ts'
import { Failures } from './failures.ts'
import { Followers } from './followers.ts'
import { type SubscriberClass, subscriberClass } from './invalidation/subscriber.ts'
import { type Deliver, WriteWatch } from './invalidation/write-watch.ts'
import { checkReads, type EntityOptions, type ReadOptions, type ResolvedOptions, resolveOptions, resolveQueryCache, type TypeormCacheOptions } from './options.ts'
import { Outbox } from './outbox/outbox.ts'
import { inContext } from './query/query-context.ts'
import { QueryCache } from './query/query-cache.ts'
import type { Schema } from './schema/schema.ts'
import { schemaOf } from './schema/schemas.ts'

/** A change whose outcome is not known may still be on its way: what is read meanwhile is not kept. */
const UNCERTAIN_MS = 5_000

/** What `DataSourceOptions.cache` takes. */
export interface QueryCacheSettings {
  readonly provider: (dataSource: DataSource) => QueryCache
  readonly duration: number
}

/** Options of one query. */
export interface QueryOptions extends ReadOptions {
  /** Names under which the result can be invalidated, beside its tables. */
  readonly tags?: readonly string[] | undefined
}

/**
 * Makes TypeORM's writes invalidate, and TypeORM's reads cacheable.
 *
 * @throws ConfigError with all broken rules.
 */
export const typeormCache = (cache: Cache, options: TypeormCacheOptions = {}): TypeormCache => new TypeormCache(cache, options)

/** A cache as TypeORM uses it. Made by `typeormCache`. */
export class TypeormCache {
  /** For `DataSourceOptions.subscribers`. */
  readonly Subscriber: SubscriberClass
  readonly #cache: Cache
  readonly #options: ResolvedOptions
  readonly #watch: WriteWatch
  readonly #followers: Followers
  readonly #failures: Failures
  readonly #repositories = new WeakMap<Schema, Map<string, EntityRepository<ObjectLiteral>>>()
  #sink!: InvalidationSink
  #dataSource: DataSource | undefined

  /** @internal */
  constructor(cache: Cache, options: TypeormCacheOptions) {
    this.#cache = cache
    this.#options = resolveOptions(cache, options)
    const { clock, onError, outbox, readsSql } = this.#options
    this.#failures = new Failures(() => this.#sink, onError)
    const { report } = this.#failures
    const log = outbox && new Outbox(outbox.table, clock, report)
    this.#watch = new WriteWatch({ deliver: this.#deliver, readsSql, log, report })
    this.#followers = new Followers({ options: this.#options, watch: this.#watch, outbox: log, deliver: this.#deliver, report })
    this.Subscriber = subscriberClass(this.#watch, { readsSql, keepsLog: log !== undefined }, report)
    cache.use({ name: 'typeorm', start: (sink) => void (this.#sink = sink), stop: () => this.#followers.stopAll() })
  }

  /**
   * For `DataSourceOptions.cache`: TypeORM's own cache of query results, kept in this one.
   *
   * @param options lifetimes; default: those given to `typeormCache`.
   * @throws ConfigError with all broken rules.
   */
  queryCache(options: ReadOptions = {}): QueryCacheSettings {
    const resolved = resolveQueryCache(this.#cache, options, this.#options.queryCache)
    const ttl: Duration | undefined = resolved.ttl
    return {
      provider: (dataSource) => this.#provide(dataSource, resolved),
      duration: ttl === undefined ? Infinity : parseDuration(ttl)!,
    }
  }

  /**
   * Follows a data source that is initialized: adds the subscriber and the query cache where they are missing.
   *
   * @throws ConfigError where TypeORM is told to cache every query.
   */
  attach(dataSource: DataSource): this {
    this.#dataSource = dataSource
    const isKnown = dataSource.subscribers.some((subscriber) => subscriber instanceof this.Subscriber)
    if (!isKnown) dataSource.subscribers.push(new this.Subscriber())
    if (dataSource.queryResultCache === undefined) dataSource.setOptions({ cache: this.queryCache() })
    this.#followers.start(dataSource)
    return this
  }

  /**
   * The entities that a query selects, cached with any options.
   *
   * @throws what the query throws.
   */
  cached<E extends ObjectLiteral>(query: SelectQueryBuilder<E>, options?: QueryOptions): Promise<E[]>
  /** @param read what to ask of the query: `(qb) => qb.getCount()` */
  cached<E extends ObjectLiteral, R>(query: SelectQueryBuilder<E>, options: QueryOptions, read: (query: SelectQueryBuilder<E>) => Promise<R>): Promise<R>
  cached<E extends ObjectLiteral>(
    query: SelectQueryBuilder<E>,
    { tags = [], ...options }: QueryOptions = {},
    read: (query: SelectQueryBuilder<E>) => Promise<unknown> = (each) => each.getMany(),
  ): Promise<unknown> {
    return inContext({ tags, options }, () => read(query.clone().cache(true)))
  }

  /** Runs a function whose cached queries can be invalidated under these names too, beside their tables. */
  withTags<R>(tags: readonly string[], run: () => R): R {
    return inContext({ tags }, run)
  }

  /**
   * Entities by primary key, cached. The data source has to be known: by `attach`, or by `queryCache()` in its options.
   *
   * @param options lifetimes; default: those of `entities` given to `typeormCache`.
   * @throws ConfigError before a data source is known; TypeORM's error for an entity that it does not have.
   */
  repository<E extends ObjectLiteral>(target: EntityTarget<E>, options: EntityOptions = {}): EntityRepository<E> {
    const dataSource = this.#known()
    const repositories = this.#repositoriesOf(schemaOf(dataSource))
    const key = `${dataSource.getMetadata(target).name} ${JSON.stringify(options)}`
    const known = options.read === undefined ? repositories.get(key) : undefined
    if (known !== undefined) return known as EntityRepository<ObjectLiteral> as EntityRepository<E>
    const merged = { ...this.#options.entities, ...checkReads(this.#cache, 'entities', options) }
    const made = new EntityRepository<E>({ cache: this.#cache, dataSource, watch: this.#watch, target, options: merged, refuse: this.#failures.refuse })
    repositories.set(key, made as EntityRepository<ObjectLiteral>)
    return made
  }

  /** They are asked for anew with each request. */
  #repositoriesOf(schema: Schema): Map<string, EntityRepository<ObjectLiteral>> {
    const known = this.#repositories.get(schema)
    if (known !== undefined) return known
    const repositories = new Map<string, EntityRepository<ObjectLiteral>>()
    this.#repositories.set(schema, repositories)
    return repositories
  }

  /**
   * The tags that writes of an entity invalidate, for entries of your own: those of its table, or those of one row.
   *
   * @throws ConfigError before a data source is known; TypeORM's error for an entity that it does not have.
   */
  tags<E extends ObjectLiteral>(target: EntityTarget<E>, id?: unknown): string[] {
    const dataSource = this.#known()
    const metadata = dataSource.getMetadata(target)
    const table = schemaOf(dataSource).of(metadata)
    if (id === undefined) return [table.tag]
    const { text } = entityId(id, metadata, table, dataSource)
    // What makes a row other than before need not change its table.
    return text === undefined ? [table.tag, table.everyRowTag] : [table.rowTag(text), table.everyRowTag]
  }

  /**
   * Makes invalid what was read of an entity, after a change that no statement of TypeORM tells of: of some rows, or of any.
   *
   * @throws ConfigError before a data source is known; TypeORM's error for an entity that it does not have.
   */
  async invalidate<E extends ObjectLiteral>(target: EntityTarget<E>, ...ids: unknown[]): Promise<InvalidationResult> {
    const [whole] = this.tags(target)
    const rows = ids.map((id) => this.tags(target, id)[0]!)
    return this.#sink.invalidate({ tags: [whole!, ...(ids.length === 0 ? [`${whole}:*`] : rows)] })
  }

  #known(): DataSource {
    if (this.#dataSource !== undefined) return this.#dataSource
    const rule = 'known: call attach(dataSource), or give queryCache() to its options'
    throw new ConfigError([{ option: 'dataSource', rule, value: undefined }])
  }

  #provide(dataSource: DataSource, options: LoadOptions): QueryCache {
    const { cache } = dataSource.options
    if (typeof cache === 'object' && cache.alwaysEnabled) {
      const rule = 'off: save() reads the row it compares with through the cache, and does not write what it takes for unchanged. Say cache: true where a query is to be cached'
      throw new ConfigError([{ option: 'cache.alwaysEnabled', rule, value: true }])
    }
    this.#dataSource = dataSource
    this.#startWith(dataSource)
    return new QueryCache({ cache: this.#cache, dataSource, watch: this.#watch, options, report: this.#failures.report, refuse: this.#failures.refuse })
  }

  /** Once there are tables: TypeORM tells of connections that come and go, but not of that. */
  #startWith(dataSource: DataSource): void {
    if (dataSource.isInitialized) return
    const initialize = dataSource.initialize.bind(dataSource)
    dataSource.initialize = async () => {
      await initialize()
      this.#followers.start(dataSource)
      return dataSource
    }
  }

  readonly #deliver: Deliver = async (tags, isCertain) => {
    const { replicaLag: lag } = this.#options
    const replicaLag = isCertain ? lag : Math.max(UNCERTAIN_MS, lag === undefined ? 0 : parseDuration(lag)!)
    try {
      return (await this.#sink.invalidate({ tags, replicaLag })).status === 'applied'
    } catch (error) {
      this.#failures.tell(error)
      return false
    }
  }
}
