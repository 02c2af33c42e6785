import type { Cache } from '@stratacache/core'
import type { DataSource, EntityManager, EntityMetadata, EntityTarget, FindOptionsRelations, ObjectLiteral, QueryRunner } from 'typeorm'
import type { WriteWatch } from '../invalidation/write-watch.ts'
import type { EntityOptions } from '../options.ts'
import { type CachedRows, copyOf } from '../query/rows.ts'
import { schemaOf } from '../schema/schemas.ts'
import type { Table } from '../schema/table.ts'
import { type EntityId, entityId } from './entity-id.ts'
import { EntityLoader } from './entity-loader.ts'
import { EntityShape } from './entity-shape.ts'

/** Options of one read of entities. */
export interface FindByIdOptions<E extends ObjectLiteral> {
  /** Relations that go with the entity, as TypeORM's `find` takes them. Eager ones always do. */
  readonly relations?: FindOptionsRelations<E> | undefined
  /**
   * Give the same instance to everybody who asks for it with `shared`, as long as it is in memory: faster, and whoever changes it changes it
   * for all. Default false: an instance of one's own.
   */
  readonly shared?: boolean | undefined
  /** Within a transaction, its manager: what it has written is read from the database. */
  readonly manager?: EntityManager | undefined
}

/** What a repository needs. */
export interface EntityRepositoryParts<E extends ObjectLiteral> {
  readonly cache: Cache
  readonly dataSource: DataSource
  readonly watch: WriteWatch
  readonly target: EntityTarget<E>
  readonly options: EntityOptions
  readonly refuse: (column: string) => void
}

/** How entities are read with certain relations. */
interface Reading<E extends ObjectLiteral> {
  readonly shape: EntityShape<E>
  readonly loader: EntityLoader<E>
}

/** Entities of one kind, cached by primary key. Made by `repository(Entity)`. */
export class EntityRepository<E extends ObjectLiteral> {
  readonly #parts: EntityRepositoryParts<E>
  readonly #metadata: EntityMetadata
  readonly #table: Table
  /** By the JSON of the relations. */
  readonly #readings = new Map<string, Reading<E>>()
  readonly #shared = new WeakMap<CachedRows, Promise<E | null>>()

  /** @internal */
  constructor(parts: EntityRepositoryParts<E>) {
    const { dataSource, target } = parts
    this.#parts = parts
    this.#metadata = dataSource.getMetadata(target)
    this.#table = schemaOf(dataSource).of(this.#metadata)
  }

  /**
   * The entity with a primary key, or `null` when there is none. Reads that are asked for in one turn are one query.
   *
   * @param id the value of a single primary key, or an object with all of them
   * @throws what the query throws, unless a stale entity may be served (`staleIfError`).
   */
  async findById(id: unknown, options: FindByIdOptions<E> = {}): Promise<E | null> {
    const reading = this.#reading(options.relations)
    const rows = await this.#rows(this.#id(id), options, reading)
    return rows === undefined ? null : this.#entity(rows, options, reading)
  }

  /**
   * The entities with these primary keys, in the order asked, `null` for those that are not there.
   *
   * @throws what the query throws.
   */
  async findByIds(ids: readonly unknown[], options: FindByIdOptions<E> = {}): Promise<(E | null)[]> {
    const reading = this.#reading(options.relations)
    const all = await Promise.all(ids.map((id) => this.#rows(this.#id(id), options, reading)))
    const found = all.filter((rows) => rows !== undefined)
    if (!options.shared && found.length > 1) {
      const entities = await reading.shape.hydrate(found.flatMap(ownRows))
      // They come in the order of their rows; those that were asked for twice become one.
      const inOrder = entities.values()
      if (entities.length === found.length) return all.map((rows) => (rows === undefined ? null : inOrder.next().value!))
    }
    return Promise.all(all.map(async (rows) => (rows === undefined ? null : this.#entity(rows, options, reading))))
  }

  #rows(id: EntityId, { manager }: FindByIdOptions<E>, { loader }: Reading<E>): Promise<CachedRows | undefined> {
    const apart = this.#apart(manager)
    return apart === undefined ? loader.rows(id) : loader.rowsOn(apart, id)
  }

  /** The connection that has to be asked itself, as it may see what nobody else does. */
  #apart(manager: EntityManager | undefined): QueryRunner | undefined {
    const { dataSource, watch } = this.#parts
    const { isEmbedded } = schemaOf(dataSource).dialect
    const queryRunner = manager?.queryRunner ?? (isEmbedded ? dataSource.createQueryRunner() : undefined)
    return queryRunner !== undefined && watch.isApart(queryRunner) ? queryRunner : undefined
  }

  #entity(rows: CachedRows, { shared = false }: FindByIdOptions<E>, { shape }: Reading<E>): Promise<E | null> {
    const hydrate = async (): Promise<E | null> => (await shape.hydrate(ownRows(rows)))[0] ?? null
    if (!shared) return hydrate()
    const known = this.#shared.get(rows) ?? hydrate()
    this.#shared.set(rows, known)
    return known
  }

  #id(id: unknown): EntityId {
    return entityId(id, this.#metadata, this.#table, this.#parts.dataSource)
  }

  #reading(relations: FindOptionsRelations<E> | undefined): Reading<E> {
    const key = relations === undefined ? '' : JSON.stringify(relations)
    const known = this.#readings.get(key)
    if (known !== undefined) return known
    const { cache, dataSource, options, refuse, watch } = this.#parts
    const shape = new EntityShape<E>(dataSource, schemaOf(dataSource), this.#metadata, relations)
    const name = `@typeorm:entity:${this.#metadata.name}${key === '' ? '' : `:${key}`}`
    const loader = new EntityLoader({ cache, dataSource, watch, shape, tableTag: this.#table.tag, name, options, refuse })
    const reading = { shape, loader }
    this.#readings.set(key, reading)
    return reading
  }
}

/** TypeORM puts what is an object into the entity as it is. */
const ownRows = (cached: CachedRows): CachedRows['rows'] => (cached.isFlat ? cached.rows : copyOf(cached))
