import { hash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm'
import { keyText } from '../schema/key-column.ts'
import { rowText, type Table } from '../schema/table.ts'

/** The primary key of an entity that is asked for. */
export interface EntityId {
  /** By the names of properties, as TypeORM takes it. */
  readonly map: ObjectLiteral
  /** Under which it is cached. */
  readonly text: string
  /** Whether `text` is what a write of that row would be called. */
  readonly isExact: boolean
}

/**
 * @param id the value of a single primary key, or a map of all
 * @throws TypeORM's error for a value where a map is needed.
 */
export function entityId(id: unknown, metadata: EntityMetadata, table: Table, { driver }: DataSource): EntityId {
  const map = metadata.ensureEntityIdMap(id)
  const values = metadata.primaryColumns.map((column): unknown => driver.preparePersistentValue(column.getEntityValue(map), column))
  const texts = values.map((value, i) => keyText(table.key[i]!, value))
  if (texts.every((text) => text !== undefined)) return { map, text: rowText(texts), isExact: true }
  return { map, text: `#${hash('sha256', serialize(values), 'base64url')}`, isExact: false }
}
