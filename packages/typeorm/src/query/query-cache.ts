import { type Cache, type LoadContext, type Loaded, type LoadOptions, LoadTimeoutError, noStore } from '@stratacache/core'
import type { DataSource, QueryResult, QueryRunner } from 'typeorm'
import type { WriteWatch } from '../invalidation/write-watch.ts'
import { schemaOf } from '../schema/schemas.ts'
import { currentContext } from './query-context.ts'
import { readIsolated, withReader } from './isolated.ts'
import { queryKey } from './query-key.ts'
import { ALL_QUERIES, idTag } from './query-tags.ts'
import { type CachedRows, copyOf, type Row, toCached } from './rows.ts'

type TypeormQueryCache = NonNullable<DataSource['queryResultCache']>
type CacheRequest = Parameters<TypeormQueryCache['getFromCache']>[0]

/** One query that is to be answered from the cache. It stands for a result that TypeORM takes for expired. */
interface Ticket extends CacheRequest {
  readonly queryRunner: QueryRunner
  records?: readonly Row[]
}

/** What a query cache needs. */
export interface QueryCacheParts {
  readonly cache: Cache
  readonly dataSource: DataSource
  readonly watch: WriteWatch
  readonly options: LoadOptions
  readonly report: (error: unknown) => void
  /** Told of a column whose values cannot be cached. */
  readonly refuse: (column: string) => void
}

type Query = (sql: string, parameters: unknown[] | undefined, isStructured: true) => Promise<QueryResult<Row>>

/**
 * TypeORM's QueryResultCache. TypeORM passes results through JSON, which loses what JSON lacks, and looks and stores in two
 * steps, between which a write may come. So it is told that there is a result that has expired, and its query runner is
 * made to answer the query that follows at once: from the cache, which loads what it does not have.
 */
export class QueryCache implements TypeormQueryCache {
  readonly #parts: QueryCacheParts
  /** What queries failed with, among all that may fail. */
  readonly #ofDatabase = new WeakSet<Error>()

  constructor(parts: QueryCacheParts) {
    this.#parts = parts
  }

  async connect(): Promise<void> {}

  /** The cache is not ours to close. */
  async disconnect(): Promise<void> {}

  async synchronize(): Promise<void> {}

  getFromCache(request: CacheRequest, queryRunner?: QueryRunner): Promise<CacheRequest | undefined> {
    const ticket: Ticket | undefined = queryRunner && { ...request, queryRunner }
    return Promise.resolve(ticket)
  }

  /** The very next thing TypeORM does is to run the query: nobody else can come between. */
  isExpired(ticket: CacheRequest): boolean {
    const { queryRunner } = ticket as Ticket
    const own = Object.getOwnPropertyDescriptor(queryRunner, 'query')
    queryRunner.query = (async (sql: string, parameters: unknown[] | undefined) => {
      if (own === undefined) delete (queryRunner as Partial<QueryRunner>).query
      else Object.defineProperty(queryRunner, 'query', own)
      return this.#answer(ticket as Ticket, sql, parameters)
    }) as QueryRunner['query']
    return true
  }

  async storeInCache(_: CacheRequest, ticket: CacheRequest | undefined): Promise<void> {
    const records = (ticket as Ticket | undefined)?.records
    if (records !== undefined) delete (records as { toJSON?: unknown }).toJSON
  }

  async clear(): Promise<void> {
    await this.#parts.cache.invalidateTags(ALL_QUERIES)
  }

  async remove(ids: string[]): Promise<void> {
    await this.#parts.cache.invalidateTags(...ids.map(idTag))
  }

  async #answer(ticket: Ticket, sql: string, parameters: unknown[] | undefined): Promise<QueryResult<Row>> {
    const query = ticket.queryRunner.query.bind(ticket.queryRunner) as Query
    const rows = await this.#rows(ticket, sql, parameters ?? [])
    const result = rows === undefined ? await query(sql, parameters, true) : { raw: rows, records: rows, affected: rows.length }
    // TypeORM makes JSON of them for `storeInCache`, in vain, and may fail in doing so.
    Object.defineProperty(result.records, 'toJSON', { value: () => null, configurable: true })
    ticket.records = result.records
    return result
  }

  /** The rows of the query. `undefined` when it is to be run as if there were no cache. */
  async #rows({ queryRunner, ...ticket }: Ticket, sql: string, parameters: unknown[]): Promise<Row[] | undefined> {
    const { cache, options, report } = this.#parts
    try {
      const tags = this.#tags(ticket, queryRunner, sql)
      if (tags === undefined) return undefined
      const key = queryKey(sql, parameters, this.#parts.dataSource)
      const load = (context: LoadContext<CachedRows>): Promise<CachedRows | Loaded<CachedRows>> => this.#load(queryRunner, sql, parameters, context)
      return copyOf(await cache.getOrSet(key, load, { ...options, ttl: ttlOf(ticket), ...currentContext()?.options, tags }))
    } catch (error) {
      // What the database says, and a time limit that was asked for.
      if (error instanceof LoadTimeoutError || this.#ofDatabase.has(error as Error)) throw error
      report(error)
      return undefined
    }
  }

  /** What a result depends on. `undefined` for one that is not to be cached. */
  #tags({ identifier }: CacheRequest, queryRunner: QueryRunner, sql: string): string[] | undefined {
    const { dataSource, watch } = this.#parts
    // Within a transaction one reads one's own writes, which nobody else may see.
    if (watch.isApart(queryRunner)) return undefined
    const tags = [...schemaOf(dataSource).reads.of(sql).map(({ tag }) => tag), ...(currentContext()?.tags ?? [])]
    // Nothing that happens could make it invalid.
    if (tags.length === 0) return undefined
    return [...tags, ...(identifier ? [idTag(identifier)] : []), ALL_QUERIES]
  }

  /** Runs the query. What a transaction may have shown to nobody else is not kept. */
  async #load(queryRunner: QueryRunner, sql: string, parameters: unknown[], { stale }: LoadContext<CachedRows>): Promise<CachedRows | Loaded<CachedRows>> {
    const { dataSource, watch } = this.#parts
    const load = async (reader: QueryRunner): Promise<CachedRows | Loaded<CachedRows>> => {
      const { result, isCommitted } = await readIsolated(watch, reader, () => this.#query(reader, sql, parameters))
      const cached = toCached(result.records)
      if (typeof cached !== 'string') return isCommitted ? cached : noStore(cached)
      this.#parts.refuse(cached)
      return noStore({ rows: result.records, isFlat: true })
    }
    // Whoever gets a stale value goes on, and his connection may go to somebody else.
    return stale !== undefined || queryRunner.isReleased ? withReader(dataSource, load) : load(queryRunner)
  }

  async #query(reader: QueryRunner, sql: string, parameters: unknown[]): Promise<QueryResult<Row>> {
    try {
      return await (reader.query as Query).call(reader, sql, parameters, true)
    } catch (error) {
      if (error instanceof Error) this.#ofDatabase.add(error)
      throw error
    }
  }
}

/** TypeORM has a number for everything: this one stands for no end. */
const ttlOf = ({ duration }: CacheRequest): number | undefined => (duration === Infinity ? undefined : duration)
