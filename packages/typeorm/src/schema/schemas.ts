import type { DataSource } from 'typeorm'
import { Schema } from './schema.ts'

const schemas = new WeakMap<DataSource, Schema>()

/** The schema of a data source, described anew after it was initialized again. */
export function schemaOf(dataSource: DataSource): Schema {
  const known = schemas.get(dataSource)
  if (known !== undefined && known.metadatas === dataSource.entityMetadatas) return known
  const schema = new Schema(dataSource)
  schemas.set(dataSource, schema)
  return schema
}
