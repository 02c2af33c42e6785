import type { DataSource, EntityMetadata, FindOptionsRelations, ObjectLiteral } from 'typeorm'
import type { Row } from '../query/rows.ts'
import { exactText, type KeyColumn, keyText } from '../schema/key-column.ts'
import type { Schema } from '../schema/schema.ts'
import { rowText, type Table } from '../schema/table.ts'
import { EntityQuery } from './entity-query.ts'

type Relation = EntityMetadata['relations'][number]

/** More rows than these of one table make an entity depend on all of it. */
const MOST_ROWS = 32

/** Rows in a result that are known by their key: where its columns are, by name. */
interface KeyedSource {
  readonly table: Table
  readonly columns: readonly string[]
  /** Of a reference, the columns that refer: where one is null, there is no row to know. */
  readonly foreign?: readonly string[]
}

/** How entities of one kind are read, with the relations that go with them: the query, and what its rows depend on. */
export class EntityShape<E extends ObjectLiteral> {
  readonly #template: EntityQuery<E>
  readonly #main: KeyedSource
  /** Each at most one row of the entity it belongs to. */
  readonly #references: KeyedSource[] = []
  /** Tables of which any row may come to belong to the entity. */
  readonly #whole = new Set<Table>()
  readonly #mayBeReused: boolean
  readonly #hydrator: EntityQuery<E>
  #selected = 0

  constructor(dataSource: DataSource, schema: Schema, metadata: EntityMetadata, relations: FindOptionsRelations<E> | undefined) {
    const plain = dataSource.createQueryBuilder<E>(metadata.target, metadata.name)
    this.#template = new EntityQuery<E>(plain)
    this.#template.setFindOptions({ ...(relations && { relations }), relationLoadStrategy: 'join' })
    const { joinAttributes, mainAlias } = this.#template.expressionMap
    const sources = [metadata, ...joinAttributes.map(({ metadata: joined }) => joined)].filter((source) => source !== undefined)
    this.#main = this.#selectKey(mainAlias!.name, metadata, schema)
    for (const { alias, metadata: joined, relation, parentAlias } of joinAttributes) {
      if (joined === undefined) continue
      const isReference = relation?.isManyToOne || relation?.isOneToOneOwner
      if (isReference) this.#references.push(this.#selectReference(alias.name, joined, schema, relation, parentAlias!))
      else this.#whole.add(schema.of(joined))
      if (relation?.junctionEntityMetadata) this.#whole.add(schema.of(relation.junctionEntityMetadata))
    }
    // What such a column computes may read any table that is named.
    const hasComputed = sources.some(({ columns }) => columns.some(({ isVirtualProperty }) => isVirtualProperty))
    if (hasComputed) for (const table of schema.reads.of(this.#template.getQuery())) this.#whole.add(table)
    // TypeORM adds to a query what loads ids of relations, each time.
    this.#mayBeReused = sources.every(({ relationIds }) => relationIds.length === 0)
    this.#hydrator = this.#copy()
  }

  /** The query for the rows of some entities. */
  query(ids: readonly ObjectLiteral[]): EntityQuery<E> {
    return this.#copy().whereInIds([...ids])
  }

  hydrate(rows: readonly Row[]): Promise<E[]> {
    return (this.#mayBeReused ? this.#hydrator : this.#copy()).hydrate(rows)
  }

  /** Whether the database may take a key for equal that is written in another way. */
  get mayFold(): boolean {
    return this.#main.table.key.some(({ kind }) => kind === 'folded')
  }

  /** Rows by the key of the entity they belong to. `undefined` when one of them is of no certain key. */
  group(rows: readonly Row[]): Map<string, Row[]> | undefined {
    const groups = new Map<string, Row[]>()
    for (const row of rows) {
      const text = textOf(this.#main, row, exactText)
      if (text === undefined) return undefined
      const group = groups.get(text)
      if (group) group.push(row)
      else groups.set(text, [row])
    }
    return groups
  }

  /** What an entity depends on, of which these are the rows. */
  tags(rows: readonly Row[]): string[] {
    const whole = new Set(this.#whole)
    const known = new Map<Table, Set<string>>()
    for (const source of [this.#main, ...this.#references]) {
      for (const row of rows) {
        const text = textOf(source, row, keyText)
        // A row that is not there may come to be; one without an exact text may be written under any.
        if (text === undefined && !refersToNothing(source, row)) whole.add(source.table)
        else if (text !== undefined) known.set(source.table, (known.get(source.table) ?? new Set()).add(text))
      }
    }
    const tags: string[] = []
    for (const [table, texts] of known) {
      if (texts.size > MOST_ROWS) whole.add(table)
      else if (!whole.has(table)) tags.push(table.everyRowTag, ...[...texts].map((text) => table.rowTag(text)))
    }
    for (const table of whole) tags.push(table.tag)
    return tags
  }

  #copy(): EntityQuery<E> {
    return this.#template.clone() as EntityQuery<E>
  }

  #selectKey(alias: string, metadata: EntityMetadata, schema: Schema): KeyedSource {
    return { table: schema.of(metadata), columns: this.#select(alias, metadata.primaryColumns) }
  }

  #selectReference(alias: string, metadata: EntityMetadata, schema: Schema, { joinColumns }: Relation, parent: string): KeyedSource {
    return { ...this.#selectKey(alias, metadata, schema), foreign: this.#select(parent, joinColumns) }
  }

  /** Selects columns under names that are known, and short enough for any database. */
  #select(alias: string, columns: readonly { readonly databaseName: string }[]): string[] {
    return columns.map(({ databaseName }) => {
      const name = `strata_${this.#selected++}`
      this.#template.addSelect(`${this.#template.escape(alias)}.${this.#template.escape(databaseName)}`, name)
      return name
    })
  }
}

const refersToNothing = ({ foreign }: KeyedSource, row: Row): boolean =>
  foreign !== undefined && foreign.some((name) => row[name] === null)

function textOf({ table, columns }: KeyedSource, row: Row, textOfValue: (column: KeyColumn, value: unknown) => string | undefined): string | undefined {
  const texts = columns.map((name, i) => textOfValue(table.key[i]!, row[name]))
  return texts.every((text) => text !== undefined) ? rowText(texts) : undefined
}
