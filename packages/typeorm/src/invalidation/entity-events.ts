import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm'
import { keyText } from '../schema/key-column.ts'
import { schemaOf } from '../schema/schemas.ts'
import { rowText, type Table } from '../schema/table.ts'
import type { Changes } from './changes.ts'
import { addReactions } from './reactions.ts'

/** An event of TypeORM that tells of an entity. Which of the fields are set depends on the operation. */
export interface EntityEvent {
  readonly dataSource: DataSource
  readonly metadata: EntityMetadata
  readonly entity?: ObjectLiteral | undefined
  readonly databaseEntity?: ObjectLiteral | undefined
  /** Of a single column its value, else a map. */
  readonly entityId?: unknown
}

/** Adds the row that was inserted, whose key the database may have made. The SQL has told of all else. */
export function addGenerated(changes: Changes, event: EntityEvent): void {
  const table = schemaOf(event.dataSource).of(event.metadata)
  const row = rowOf(table, event, event.entityId ?? event.entity)
  if (row !== undefined) changes.rows(table, [row])
}

/**
 * Adds what an event tells of. One without an id stands for any number of rows: the ids that TypeORM gives to the rows of a
 * bulk insert may be wrong.
 *
 * @param isRemoval whether the row is gone
 */
export function addEvent(changes: Changes, event: EntityEvent, isRemoval: boolean): void {
  const table = schemaOf(event.dataSource).of(event.metadata)
  const row = rowOf(table, event, event.entityId ?? event.databaseEntity)
  if (row === undefined) changes.every(table)
  else changes.rows(table, [row])
  for (const { table: side } of table.sides) changes.everyRowAlone(side)
  addReactions(changes, table, { removes: isRemoval, columns: undefined })
}

/** @param id an entity, its id, or a map of both */
function rowOf(table: Table, { metadata, dataSource }: EntityEvent, id: unknown): string | undefined {
  if (id === undefined || table.key.length === 0) return undefined
  const entity = metadata.ensureEntityIdMap(id)
  const texts = metadata.primaryColumns.map((column, i) => {
    const value: unknown = dataSource.driver.preparePersistentValue(column.getEntityValue(entity), column)
    return keyText(table.key[i]!, value)
  })
  return texts.every((text) => text !== undefined) ? rowText(texts) : undefined
}
