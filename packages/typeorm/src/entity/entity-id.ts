import { hash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm'
import { exactText, type KeyColumn, keyText } from '../schema/key-column.ts'
import { rowText, type Table } from '../schema/table.ts'

/** The primary key of an entity that is asked for. */
export interface EntityId {
  /** By the names of properties, as TypeORM takes it. */
  readonly map: ObjectLiteral
  /** Under which it is cached. */
  readonly key: string
  /** What a write of that row would be called, and perhaps of others. `undefined`: it is not known. */
  readonly text: string | undefined
}

/**
 * @param id the value of a single primary key, or a map of all
 * @throws TypeORM's error for a value where a map is needed.
 */
export function entityId(id: unknown, metadata: EntityMetadata, table: Table, { driver }: DataSource): EntityId {
  const map = metadata.ensureEntityIdMap(id)
  const values = metadata.primaryColumns.map((column): unknown => driver.preparePersistentValue(column.getEntityValue(map), column))
  const text = textOf(values, table, keyText)
  const key = textOf(values, table, exactText) ?? `#${hash('sha256', serialize(values), 'base64url')}`
  return { map, key, text }
}

function textOf(values: readonly unknown[], { key }: Table, textOfValue: (column: KeyColumn, value: unknown) => string | undefined): string | undefined {
  const texts = values.map((value, i) => textOfValue(key[i]!, value))
  return texts.every((text) => text !== undefined) ? rowText(texts) : undefined
}
