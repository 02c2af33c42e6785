import type { DataSource, EntityMetadata } from 'typeorm'
import type { TableName } from '../sql/cursor.ts'
import { type Dialect, dialectOf } from '../sql/dialect.ts'
import { effectsOf } from '../sql/effects.ts'
import { SqlMemo } from '../sql/memo.ts'
import { namesIn } from '../sql/reads.ts'
import type { Effect } from '../sql/statement.ts'
import { keyColumn } from './key-column.ts'
import { Table } from './table.ts'

const SETS = ['SET NULL', 'SET DEFAULT']

/** The tables of a data source, as its entities describe them. */
export class Schema {
  readonly dialect: Dialect
  readonly metadatas: readonly EntityMetadata[]
  /** What a text of SQL does. */
  readonly effects: SqlMemo<readonly Effect[]>
  /** The tables that a query reads, through views too. One too many does no harm: any identifier may be a table. */
  readonly reads: SqlMemo<readonly Table[]>
  readonly #byPath = new Map<string, Table>()
  readonly #byName = new Map<string, Table[]>()
  /** Tables that no entity describes, by name. */
  readonly #strangers = new Map<string, Table>()

  constructor(dataSource: DataSource) {
    this.dialect = dialectOf(dataSource.options.type)
    this.metadatas = dataSource.entityMetadatas
    this.effects = new SqlMemo((sql) => effectsOf(sql, this.dialect))
    this.reads = new SqlMemo((sql) => this.#readBy(sql))
    for (const metadata of this.metadatas) this.#addTable(metadata, dataSource)
    for (const metadata of this.metadatas) this.#addForeignKeys(metadata)
    for (const metadata of this.metadatas) this.#addSides(metadata, dataSource)
    for (const metadata of this.metadatas) this.#addBases(metadata, dataSource)
  }

  get tables(): Iterable<Table> {
    return this.#byPath.values()
  }

  of(metadata: EntityMetadata): Table {
    return this.#byPath.get(metadata.tablePath.toLowerCase())!
  }

  /** What a name in SQL stands for: all that it may, where several schemas have a table of that name. */
  find({ name, qualifier }: TableName): readonly Table[] {
    const candidates = this.#byName.get(name.toLowerCase())
    if (candidates === undefined) return [this.#stranger(name)]
    if (qualifier === undefined) return candidates
    const path = `${qualifier}.${name}`.toLowerCase()
    // A path that says less may be of the same table.
    const found = candidates.filter((table) => endsWith(table.path.toLowerCase(), path) || endsWith(path, table.path.toLowerCase()))
    return found.length === 0 ? candidates : found
  }

  #readBy(sql: string): readonly Table[] {
    const { identifiers, sources } = namesIn(sql, this.dialect)
    const read = new Set<Table>()
    for (const identifier of identifiers) for (const table of this.#byName.get(identifier) ?? []) addWithBases(read, table)
    for (const { name } of sources) if (!this.#byName.has(name.toLowerCase())) read.add(this.#stranger(name))
    return [...read]
  }

  #stranger(name: string): Table {
    const path = name.toLowerCase()
    const table = this.#strangers.get(path) ?? new Table(path, path)
    // Names come from SQL: there is no end to them.
    if (this.#strangers.size < 1_000) this.#strangers.set(path, table)
    return table
  }

  /** Entities of one inheritance tree share a table. */
  #addTable(metadata: EntityMetadata, dataSource: DataSource): void {
    const path = metadata.tablePath.toLowerCase()
    if (this.#byPath.has(path)) return
    const key = metadata.primaryColumns.map((column) => keyColumn(column, dataSource, this.dialect))
    const table = new Table(metadata.tablePath, metadata.tableName, key, metadata.tableType !== 'view')
    this.#byPath.set(path, table)
    // TypeORM takes a name with a dot for a path.
    const name = path.slice(path.lastIndexOf('.') + 1)
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), table])
  }

  #addForeignKeys(metadata: EntityMetadata): void {
    for (const { columns, referencedEntityMetadata, referencedColumns, onDelete = '', onUpdate = '' } of metadata.foreignKeys) {
      this.of(referencedEntityMetadata).dependents.push({
        table: this.of(metadata),
        columns: columns.map(({ databaseName }) => databaseName.toLowerCase()),
        refersTo: referencedColumns.map(({ databaseName }) => databaseName.toLowerCase()),
        onDelete: onDelete === 'CASCADE' ? 'remove' : SETS.includes(onDelete) ? 'change' : undefined,
        onUpdate: onUpdate === 'CASCADE' || SETS.includes(onUpdate) ? 'change' : undefined,
      })
    }
  }

  #addSides(metadata: EntityMetadata, dataSource: DataSource): void {
    if (!metadata.isJunction) return
    for (const columns of [metadata.ownerColumns, metadata.inverseColumns]) {
      const owner = columns[0]?.referencedColumn?.entityMetadata
      if (owner === undefined) continue
      this.of(metadata).sides.push({
        table: this.of(owner),
        columns: columns.map((column) => keyColumn(column, dataSource, this.dialect)),
      })
    }
  }

  #addBases(metadata: EntityMetadata, dataSource: DataSource): void {
    const { expression, dependsOn, tableType } = metadata
    if (tableType !== 'view') return
    const { bases } = this.of(metadata)
    for (const target of dependsOn ?? []) bases.push(this.of(dataSource.getMetadata(target)))
    const sql = typeof expression === 'function' ? expression(dataSource).getQuery() : (expression ?? '')
    const { identifiers, sources } = namesIn(sql, this.dialect)
    for (const identifier of identifiers) bases.push(...(this.#byName.get(identifier) ?? []))
    for (const source of sources) bases.push(...this.find(source))
  }
}

/** Whether a path is that of another with more before it. */
const endsWith = (path: string, end: string): boolean => `.${path}`.endsWith(`.${end}`)

function addWithBases(tables: Set<Table>, table: Table): void {
  if (tables.has(table)) return
  tables.add(table)
  for (const base of table.bases) addWithBases(tables, base)
}
