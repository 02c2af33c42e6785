import { type Cache, type Collection, entry, type Loaded, noStore } from '@stratacache/core'
import type { DataSource, ObjectLiteral, QueryRunner } from 'typeorm'
import type { WriteWatch } from '../invalidation/write-watch.ts'
import type { EntityOptions } from '../options.ts'
import { readIsolated, withReader } from '../query/isolated.ts'
import { type CachedRows, type Row, toCached } from '../query/rows.ts'
import type { EntityId } from './entity-id.ts'
import type { EntityShape } from './entity-shape.ts'

/** What a loader needs. */
export interface EntityLoaderParts<E extends ObjectLiteral> {
  readonly cache: Cache
  readonly dataSource: DataSource
  readonly watch: WriteWatch
  readonly shape: EntityShape<E>
  /** The tag of what is not there: any insert may make it be. */
  readonly tableTag: string
  readonly name: string
  readonly options: EntityOptions
  /** Told of a column whose values cannot be cached. */
  readonly refuse: (column: string) => void
}

/** Keys of one query. Databases have a limit of parameters, and one of patience. */
const MOST_KEYS = 500

/** Reads the rows of entities through the cache: all that is wanted in one turn with one query. */
export class EntityLoader<E extends ObjectLiteral> {
  readonly #parts: EntityLoaderParts<E>
  readonly #collection: Collection<EntityId, CachedRows>

  constructor(parts: EntityLoaderParts<E>) {
    const { cache, name, options: { read, ...options } } = parts
    this.#parts = parts
    this.#collection = cache.collection<EntityId, CachedRows>(name, {
      ...options,
      ...(read !== undefined && { readStrategy: read }),
      key: ({ key }) => [key],
      maxBatch: MOST_KEYS,
      loadMany: (ids) => this.#loadMany(ids),
    })
  }

  /** `undefined`: there is no such entity. */
  rows(id: EntityId): Promise<CachedRows | undefined> {
    return this.#collection.get(id)
  }

  /** The rows as a connection sees them, whatever the cache has. */
  async rowsOn(queryRunner: QueryRunner, { map }: EntityId): Promise<CachedRows | undefined> {
    const rows = await this.#query([map], queryRunner)
    return rows.length === 0 ? undefined : { rows, isFlat: true }
  }

  async #loadMany(ids: readonly EntityId[]): Promise<(CachedRows | Loaded<CachedRows>)[]> {
    const { dataSource, watch } = this.#parts
    return withReader(dataSource, async (queryRunner) => {
      const { result, isCommitted } = await readIsolated(watch, queryRunner, () => this.#rowsOf(ids, queryRunner))
      return result.map((rows) => this.#loaded(rows, isCommitted))
    })
  }

  /** The rows of each, in their order. */
  async #rowsOf(ids: readonly EntityId[], queryRunner: QueryRunner): Promise<(readonly Row[])[]> {
    const { shape } = this.#parts
    const exact = ids.filter(({ text }) => text !== undefined)
    const rows = exact.length === 0 ? [] : await this.#query(exact.map(({ map }) => map), queryRunner)
    const groups = shape.group(rows)
    const found: (readonly Row[])[] = []
    for (const id of ids) {
      const own = groups?.get(id.key)
      // One that is not among them the database may know, written in another way: it is asked for each.
      const isKnown = id.text !== undefined && groups !== undefined && (own !== undefined || !shape.mayFold)
      found.push(isKnown ? (own ?? []) : await this.#query([id.map], queryRunner))
    }
    return found
  }

  async #query(ids: readonly ObjectLiteral[], queryRunner: QueryRunner): Promise<Row[]> {
    return this.#parts.shape.query(ids).setQueryRunner(queryRunner).getRawMany<Row>()
  }

  #loaded(rows: readonly Row[], isCommitted: boolean): CachedRows | Loaded<CachedRows> {
    const { refuse, shape, tableTag } = this.#parts
    if (rows.length === 0) {
      const nothing = undefined as unknown as CachedRows
      return isCommitted ? entry(nothing, { tags: [tableTag] }) : noStore(nothing)
    }
    const cached = toCached(rows)
    if (typeof cached === 'string') {
      refuse(cached)
      return noStore({ rows, isFlat: true })
    }
    return isCommitted ? entry(cached, { tags: shape.tags(rows) }) : noStore(cached)
  }
}

